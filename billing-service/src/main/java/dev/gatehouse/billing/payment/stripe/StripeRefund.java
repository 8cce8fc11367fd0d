package dev.gatehouse.billing.payment.stripe;

import com.stripe.model.Refund;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentProviderUnavailable;
import dev.gatehouse.billing.payment.ProviderRefund;
import dev.gatehouse.billing.payment.ProviderRefund.Status;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a refund; what lacks a part we decide on is no answer at all. */
final class StripeRefund {

    static final String REFUND_ID = "refund_id";

    private StripeRefund() {}

    static ProviderRefund of(Refund refund) {
        try {
            return new ProviderRefund(
                    required(refund.getId(), "id"),
                    required(refund.getPaymentIntent(), "payment_intent"),
                    refundId(refund),
                    status(required(refund.getStatus(), "status")),
                    new Money(
                            required(refund.getAmount(), "amount"),
                            required(refund.getCurrency(), "currency").toUpperCase(Locale.ROOT)),
                    refund.getFailureReason());
        } catch (IllegalArgumentException malformed) {
            throw new PaymentProviderUnavailable(
                    "The provider's answer about refund " + refund.getId() + " makes no sense", malformed);
        }
    }

    /** Our id of it; null when it was not made by this service. */
    static @Nullable UUID refundId(Refund refund) {
        Map<String, String> metadata = refund.getMetadata();
        String id = metadata == null ? null : metadata.get(REFUND_ID);
        try {
            return id == null ? null : UUID.fromString(id);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static Status status(String status) {
        return switch (status) {
            case "pending", "requires_action" -> Status.PENDING;
            case "succeeded" -> Status.SUCCEEDED;
            case "failed", "canceled" -> Status.FAILED;
            default -> throw new IllegalArgumentException("Unknown status " + status);
        };
    }

    private static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("No " + field);
        }
        return value;
    }
}
