package dev.gatehouse.billing.order.messaging;

import dev.gatehouse.billing.order.OrderStateChanged;
import java.util.Optional;
import java.util.UUID;
import org.springframework.amqp.core.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that is read from an order's event: which order, and the version whose step is due.
 *
 * @param version 1 or more
 */
record OrderPointer(UUID orderId, int version) {

    private static final int MAX_BYTES = 64 * 1024;

    /** @throws Unreadable when the message is not an event this version of the service understands */
    static OrderPointer of(Message message, JsonMapper json) {
        byte[] body = message.getBody();
        if (body.length > MAX_BYTES) {
            throw new Unreadable("too-large", "The body has " + body.length + " bytes");
        }
        JsonNode event = parse(body, json);
        String type = event.path("type").stringValue("");
        if (!type.equals(OrderStateChanged.TYPE)) {
            throw new Unreadable("unknown-type", "The type is not " + OrderStateChanged.TYPE);
        }
        if (event.path("schemaVersion").asInt(0) != OrderStateChanged.SCHEMA_VERSION) {
            throw new Unreadable("unknown-schema", "The schema version is not " + OrderStateChanged.SCHEMA_VERSION);
        }
        JsonNode version = event.path("version");
        if (!version.isIntegralNumber() || !version.canConvertToInt() || version.intValue() < 1) {
            throw new Unreadable("malformed", "There is no valid version");
        }
        return new OrderPointer(
                uuid(event.path("orderId").stringValue(""))
                        .orElseThrow(() -> new Unreadable("malformed", "There is no valid orderId")),
                version.intValue());
    }

    private static JsonNode parse(byte[] body, JsonMapper json) {
        try {
            JsonNode event = json.readTree(body);
            if (!event.isObject()) {
                throw new Unreadable("malformed", "The body is not a JSON object");
            }
            return event;
        } catch (JacksonException notJson) {
            throw new Unreadable("malformed", "The body is not JSON");
        }
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    /** The message will never be understood, however often it comes. */
    static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String reason;

        Unreadable(String reason, String detail) {
            super(detail);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
