package dev.gatehouse.devstack.payments;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Stripe's objects as JSON. */
final class StripeJson {

    /** The version of Stripe's API the objects follow. */
    static final String API_VERSION = "2026-06-24.dahlia";

    static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(Include.NON_NULL))
            .build();

    private static final Set<String> EXPANDABLE = Set.of(
            "latest_charge", "payment_intent", "charge", "data.latest_charge", "data.payment_intent", "data.charge");

    private StripeJson() {}

    static void checkExpand(Collection<String> expand) {
        for (String property : expand) {
            if (!EXPANDABLE.contains(property)) {
                throw StripeError.invalid(null, "expand", "This property cannot be expanded (" + property + ").");
            }
        }
    }

    static ObjectNode intent(Intent intent, Collection<String> expand) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("id", intent.id());
        node.put("object", "payment_intent");
        node.put("amount", intent.amount());
        node.put("amount_capturable", intent.amountCapturable());
        node.put("amount_received", intent.amountReceived());
        node.put("canceled_at", intent.canceledAt());
        node.put("cancellation_reason", intent.cancellationReason());
        node.put("capture_method", intent.manualCapture() ? "manual" : "automatic");
        node.put("client_secret", intent.id() + "_secret_simulated");
        node.put("confirmation_method", "automatic");
        node.put("created", intent.created());
        node.put("currency", intent.currency());
        node.putNull("customer");
        node.put("description", intent.description());
        Intent.Charge charge = intent.charge();
        if (charge != null && !charge.succeeded() && intent.status() == Intent.Status.REQUIRES_PAYMENT_METHOD) {
            node.set("last_payment_error", decline(charge));
        } else {
            node.putNull("last_payment_error");
        }
        if (charge != null && expand.contains("latest_charge")) {
            node.set("latest_charge", charge(intent, charge));
        } else {
            node.put("latest_charge", charge == null ? null : charge.id());
        }
        node.put("livemode", false);
        node.set("metadata", metadata(intent.metadata()));
        node.putNull("next_action");
        node.put("payment_method", intent.paymentMethod());
        node.putArray("payment_method_types").add("card");
        node.putNull("processing");
        node.put("status", intent.status().wireName());
        return node;
    }

    static ObjectNode charge(Intent intent, Intent.Charge charge) {
        TestPaymentMethod method = TestPaymentMethod.of(charge.paymentMethod());
        long refunded = charge.letGo() ? charge.amount() : intent.amountRefunded();
        ObjectNode node = MAPPER.createObjectNode();
        node.put("id", charge.id());
        node.put("object", "charge");
        node.put("amount", charge.amount());
        node.put("amount_captured", charge.amountCaptured());
        node.put("amount_refunded", refunded);
        node.put("captured", charge.captured());
        node.put("created", charge.created());
        node.put("currency", intent.currency());
        node.put("description", intent.description());
        node.put("disputed", false);
        TestPaymentMethod.Decline decline = charge.succeeded() ? null : method.decline();
        node.put("failure_code", decline == null ? null : decline.code());
        node.put("failure_message", decline == null ? null : decline.message());
        node.put("livemode", false);
        node.set("metadata", metadata(intent.metadata()));
        ObjectNode outcome = node.putObject("outcome");
        outcome.put("network_status", charge.succeeded() ? "approved_by_network" : "declined_by_network");
        outcome.put("reason", decline == null ? null : decline.declineCode());
        outcome.put("risk_level", "normal");
        outcome.put("seller_message", charge.succeeded() ? "Payment complete." : "The bank declined the payment.");
        outcome.put("type", charge.succeeded() ? "authorized" : "issuer_declined");
        node.put("paid", charge.succeeded());
        node.put("payment_intent", intent.id());
        node.put("payment_method", charge.paymentMethod());
        ObjectNode details = node.putObject("payment_method_details");
        details.putObject("card").put("brand", method.brand()).put("last4", method.last4());
        details.put("type", "card");
        long settled = charge.captured() ? charge.amountCaptured() : charge.amount();
        node.put("refunded", charge.succeeded() && refunded >= settled);
        node.put("status", charge.succeeded() ? "succeeded" : "failed");
        return node;
    }

    static ObjectNode refund(Intent intent, Intent.Refund refund, Collection<String> expand) {
        Intent.Charge charge = intent.charge();
        ObjectNode node = MAPPER.createObjectNode();
        node.put("id", refund.id());
        node.put("object", "refund");
        node.put("amount", refund.amount());
        node.putNull("balance_transaction");
        if (charge != null && expand.contains("charge")) {
            node.set("charge", charge(intent, charge));
        } else {
            node.put("charge", charge == null ? null : charge.id());
        }
        node.put("created", refund.created());
        node.put("currency", intent.currency());
        node.set("metadata", metadata(refund.metadata()));
        if (expand.contains("payment_intent")) {
            node.set("payment_intent", intent(intent, List.of()));
        } else {
            node.put("payment_intent", intent.id());
        }
        node.put("reason", refund.reason());
        node.put("status", "succeeded");
        return node;
    }

    static ObjectNode event(Journal.Event event, long created, Intent intent, @Nullable String idempotencyKey) {
        Intent.Charge charge = intent.charge();
        ObjectNode object = charge != null && event.type().startsWith("charge.")
                ? charge(intent, charge)
                : intent(intent, List.of());
        ObjectNode node = MAPPER.createObjectNode();
        node.put("id", event.id());
        node.put("object", "event");
        node.put("api_version", API_VERSION);
        node.put("created", created);
        node.putObject("data").set("object", object);
        node.put("livemode", false);
        node.put("pending_webhooks", 1);
        node.putObject("request").put("id", event.requestId()).put("idempotency_key", idempotencyKey);
        node.put("type", event.type());
        return node;
    }

    static ObjectNode page(String url, List<ObjectNode> items, boolean more) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("object", "list");
        ArrayNode data = node.putArray("data");
        items.forEach(data::add);
        node.put("has_more", more);
        node.put("url", url);
        return node;
    }

    static ObjectNode error(StripeError error) {
        ObjectNode node = MAPPER.createObjectNode();
        ObjectNode inner = node.putObject("error");
        if (error.code() != null) {
            inner.put("code", error.code());
        }
        inner.put("message", error.getMessage());
        if (error.param() != null) {
            inner.put("param", error.param());
        }
        inner.put("type", error.type());
        return node;
    }

    /** The body of 402: why the card was declined and the intent as it is now. */
    static ObjectNode declined(Intent intent, Intent.Charge charge) {
        ObjectNode node = MAPPER.createObjectNode();
        ObjectNode inner = decline(charge);
        inner.set("payment_intent", intent(intent, List.of()));
        node.set("error", inner);
        return node;
    }

    private static ObjectNode decline(Intent.Charge charge) {
        TestPaymentMethod.Decline decline =
                TestPaymentMethod.of(charge.paymentMethod()).decline();
        ObjectNode node = MAPPER.createObjectNode();
        node.put("charge", charge.id());
        if (decline != null) {
            node.put("code", decline.code());
            if (decline.declineCode() != null) {
                node.put("decline_code", decline.declineCode());
            }
            node.put("message", decline.message());
        }
        node.putObject("payment_method")
                .put("id", charge.paymentMethod())
                .put("object", "payment_method")
                .put("type", "card");
        node.put("type", "card_error");
        return node;
    }

    private static ObjectNode metadata(Map<String, String> metadata) {
        ObjectNode node = MAPPER.createObjectNode();
        metadata.forEach(node::put);
        return node;
    }
}
