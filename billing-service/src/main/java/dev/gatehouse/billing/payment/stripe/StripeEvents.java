package dev.gatehouse.billing.payment.stripe;

import com.stripe.Stripe;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import dev.gatehouse.billing.payment.EventRefused;
import dev.gatehouse.billing.payment.EventRefused.Reason;
import dev.gatehouse.billing.payment.ProviderEvent;
import dev.gatehouse.billing.payment.ProviderEvent.Claim;
import dev.gatehouse.billing.payment.ProviderEvents;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stripe's webhooks. The SDK checks the signature (HMAC-SHA256, constant-time, any of several); what it would parse before
 * that, and what its lenient parser would let pass, is read here.
 */
class StripeEvents implements ProviderEvents {

    private static final Logger log = LoggerFactory.getLogger(StripeEvents.class);
    private static final long NO_AGE_LIMIT = 0;
    private static final Pattern SIGNATURE_HEADER =
            Pattern.compile("(?:v[0-9]=[0-9a-f]{1,128},)*t=([0-9]{1,12})(?:,v[0-9]=[0-9a-f]{1,128}){1,16}");
    private static final Pattern EVENT_ID = Pattern.compile("evt_[A-Za-z0-9_]{1,200}");
    private static final Pattern PAYMENT_ID = Pattern.compile("pi_[A-Za-z0-9_]{1,200}");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final int LONGEST_TYPE = 200;
    private static final Set<String> ABOUT_PAYMENTS = Set.of(
            "payment_intent.amount_capturable_updated",
            "payment_intent.canceled",
            "payment_intent.created",
            "payment_intent.partially_funded",
            "payment_intent.payment_failed",
            "payment_intent.processing",
            "payment_intent.requires_action",
            "payment_intent.succeeded");
    private static final Set<String> ABOUT_CHARGES = Set.of("charge.captured", "charge.expired", "charge.refunded");
    private static final Set<String> ABOUT_REFUNDS =
            Set.of("charge.refund.updated", "refund.created", "refund.failed", "refund.updated");

    private final List<String> secrets;
    private final JsonMapper json;

    StripeEvents(List<String> secrets, JsonMapper json) {
        this.secrets = secrets;
        this.json = json;
        if (secrets.isEmpty()) {
            log.warn("No webhook secret is set (billing.payment.webhook-secrets): every webhook will be refused");
        }
    }

    @Override
    public ProviderEvent read(byte[] body, @Nullable String signature) {
        Instant signedAt = verify(body, signature);
        JsonNode event = parse(body);
        String id = matching(event.path("id"), EVENT_ID, "id");
        String type = text(event.path("type"), "type");
        if (!"event".equals(text(event.path("object"), "object")) || type.length() > LONGEST_TYPE) {
            throw incomplete("It is not an event.");
        }
        requireKnownVersion(event.path("api_version").asString(""));
        Instant createdAt = Instant.ofEpochSecond(whole(event.path("created"), "created"));
        return new ProviderEvent(id, type, signedAt, createdAt, claim(type, event.at("/data/object")));
    }

    private Instant verify(byte[] body, @Nullable String signature) {
        Matcher header = SIGNATURE_HEADER.matcher(signature == null ? "" : signature);
        if (!header.matches()) {
            throw new EventRefused(Reason.UNSIGNED, "Stripe-Signature must be t=<seconds>,v1=<hexadecimal>.");
        }
        // Bytes that are no text become other bytes when signed again, so their signature is wrong.
        String payload = new String(body, StandardCharsets.UTF_8);
        for (String secret : secrets) {
            try {
                if (Webhook.Signature.verifyHeader(payload, header.group(), secret, NO_AGE_LIMIT)) {
                    return Instant.ofEpochSecond(Long.parseLong(header.group(1)));
                }
            } catch (SignatureVerificationException anotherSecret) {
                log.debug("not signed with this secret", anotherSecret);
            }
        }
        throw new EventRefused(Reason.WRONG_SIGNATURE, "The signature is not the payment provider's.");
    }

    private JsonNode parse(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            JsonNode event = json.readTree(text.toString());
            if (event.isObject()) {
                return event;
            }
        } catch (JacksonException | CharacterCodingException notJson) {
            log.debug("signed, and not JSON", notJson);
        }
        throw new EventRefused(Reason.NOT_JSON, "The body is not one JSON object.");
    }

    /** Versions of one name, as in 2026-06-24.dahlia, differ in additions alone. */
    private static void requireKnownVersion(String version) {
        if (!release(version).equals(release(Stripe.API_VERSION))) {
            throw new EventRefused(
                    Reason.UNKNOWN_VERSION, "Messages of version " + release(Stripe.API_VERSION) + " are read.");
        }
    }

    private static String release(String version) {
        return version.substring(version.indexOf('.') + 1);
    }

    private static @Nullable Claim claim(String type, JsonNode object) {
        if (ABOUT_PAYMENTS.contains(type)) {
            return claim(object, object.path("id"), "id", whole(object.path("amount"), "data.object.amount"));
        }
        if (ABOUT_CHARGES.contains(type)) {
            return claim(
                    object,
                    object.path("payment_intent"),
                    "payment_intent",
                    whole(object.path("amount"), "data.object.amount"));
        }
        if (ABOUT_REFUNDS.contains(type)) {
            return claim(object, object.path("payment_intent"), "payment_intent", null);
        }
        return null;
    }

    private static Claim claim(JsonNode object, JsonNode payment, String field, @Nullable Long amountMinor) {
        String orderId = object.path("metadata").path(StripePayment.ORDER_ID).asString("");
        return new Claim(
                matching(payment, PAYMENT_ID, "data.object." + field),
                UUID_TEXT.matcher(orderId).matches() ? UUID.fromString(orderId) : null,
                amountMinor,
                text(object.path("currency"), "data.object.currency").toUpperCase(Locale.ROOT));
    }

    private static String matching(JsonNode value, Pattern pattern, String field) {
        String text = text(value, field);
        if (!pattern.matcher(text).matches()) {
            throw incomplete("Its " + field + " is not one of the payment provider's.");
        }
        return text;
    }

    private static String text(JsonNode value, String field) {
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw incomplete("It has no " + field + ".");
        }
        return value.stringValue();
    }

    private static long whole(JsonNode value, String field) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw incomplete("It has no " + field + ".");
        }
        return value.longValue();
    }

    private static EventRefused incomplete(String message) {
        return new EventRefused(Reason.INCOMPLETE, message);
    }
}
