package dev.gatehouse.billing.payment.stripe;

import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeError;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentProviderUnavailable;
import dev.gatehouse.billing.payment.ProviderPayment;
import dev.gatehouse.billing.payment.ProviderPayment.Status;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a PaymentIntent with its latest charge; what lacks a part we decide on is no answer at all. */
final class StripePayment {

    static final String ORDER_ID = "order_id";

    private StripePayment() {}

    static ProviderPayment of(PaymentIntent intent) {
        try {
            Status status = status(intent);
            String currency = required(intent.getCurrency(), "currency").toUpperCase(Locale.ROOT);
            Charge charge =
                    status == Status.CAPTURED ? required(intent.getLatestChargeObject(), "latest_charge") : null;
            return new ProviderPayment(
                    required(intent.getId(), "id"),
                    orderUuid(intent),
                    status,
                    new Money(required(intent.getAmount(), "amount"), currency),
                    new Money(charge == null ? 0 : required(intent.getAmountReceived(), "amount_received"), currency),
                    new Money(charge == null ? 0 : required(charge.getAmountRefunded(), "amount_refunded"), currency),
                    null,
                    declineReason(intent));
        } catch (IllegalArgumentException malformed) {
            throw new PaymentProviderUnavailable(
                    "The provider's answer about " + intent.getId() + " makes no sense", malformed);
        }
    }

    static @Nullable String orderId(PaymentIntent intent) {
        Map<String, String> metadata = intent.getMetadata();
        return metadata == null ? null : metadata.get(ORDER_ID);
    }

    /** The stable word for a refusal; reasons that would warn a thief are all card-declined. */
    static String reason(@Nullable String code, @Nullable String declineCode) {
        String cause = "card_declined".equals(code) && declineCode != null ? declineCode : String.valueOf(code);
        return switch (cause) {
            case "insufficient_funds" -> "insufficient-funds";
            case "expired_card" -> "card-expired";
            case "incorrect_cvc", "invalid_cvc" -> "security-code-incorrect";
            case "authentication_required", "payment_intent_authentication_failure" -> "authentication-required";
            case "processing_error" -> "processing-error";
            default -> "card-declined";
        };
    }

    private static Status status(PaymentIntent intent) {
        String status = required(intent.getStatus(), "status");
        return switch (status) {
            case "requires_payment_method", "requires_confirmation", "requires_action" -> Status.UNCONFIRMED;
            case "processing" -> Status.PENDING;
            case "requires_capture" -> Status.AUTHORIZED;
            case "succeeded" -> Status.CAPTURED;
            case "canceled" -> Status.CANCELLED;
            default -> throw new IllegalArgumentException("Unknown status " + status);
        };
    }

    private static @Nullable String declineReason(PaymentIntent intent) {
        if ("requires_action".equals(intent.getStatus())) {
            return "authentication-required";
        }
        StripeError error = intent.getLastPaymentError();
        return error == null ? null : reason(error.getCode(), error.getDeclineCode());
    }

    /** Null for a payment that is not ours, whatever somebody else wrote there. */
    private static @Nullable UUID orderUuid(PaymentIntent intent) {
        try {
            String orderId = orderId(intent);
            return orderId == null ? null : UUID.fromString(orderId);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("No " + field);
        }
        return value;
    }
}
