package dev.gatehouse.billing.operation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.order.ParkedMessage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "ParkedMessage",
        requiredProperties = {"id", "queue", "headers", "size", "reason", "parkedAt", "state"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record ParkedMessageResponse(
        UUID id,
        @Schema(example = "billing.order-steps") String queue,
        @Nullable String exchange,
        @Nullable String routingKey,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable String contentType,
        Map<String, String> headers,

        @Schema(description = "Bytes of the body") long size,

        @Schema(
                description = "The stable word",
                allowableValues = {"malformed", "unknown-type", "unknown-schema", "too-large", "unknown-order"})
        String reason,

        @Nullable String error,
        Instant parkedAt,
        ParkedMessage.State state,
        @Nullable Instant decidedAt,

        @Schema(description = "The body when it is text; only of a single message") @Nullable
        String body,

        @Schema(description = "The body in base64 when it is not text; only of a single message") @Nullable
        String bodyBase64) {

    /** All but the body. */
    static ParkedMessageResponse listed(ParkedMessage message) {
        return of(message, null, null);
    }

    /** The whole message. */
    static ParkedMessageResponse whole(ParkedMessage message) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message.body()))
                    .toString();
            return of(message, text, null);
        } catch (CharacterCodingException binary) {
            return of(message, null, Base64.getEncoder().encodeToString(message.body()));
        }
    }

    private static ParkedMessageResponse of(ParkedMessage message, @Nullable String text, @Nullable String base64) {
        return new ParkedMessageResponse(
                message.id(),
                message.queue(),
                message.exchange(),
                message.routingKey(),
                message.messageId(),
                message.type(),
                message.contentType(),
                message.headers(),
                message.size(),
                message.reason(),
                message.error(),
                message.parkedAt(),
                message.state(),
                message.decidedAt(),
                text,
                base64);
    }
}
