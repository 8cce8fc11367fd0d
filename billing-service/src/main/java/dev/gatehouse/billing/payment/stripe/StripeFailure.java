package dev.gatehouse.billing.payment.stripe;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeError;
import dev.gatehouse.billing.payment.PaymentProviderMisconfigured;
import dev.gatehouse.billing.payment.PaymentProviderUnavailable;
import dev.gatehouse.billing.payment.PaymentRefused;
import org.jspecify.annotations.Nullable;

/** What a failed call means: refused for good, to be repeated, or a matter for an operator. */
final class StripeFailure {

    private static final int CONFLICT = 409;

    private StripeFailure() {}

    static RuntimeException of(StripeException failure) {
        // Another request holds the key or the payment for a moment.
        if (Integer.valueOf(CONFLICT).equals(failure.getStatusCode())
                || "idempotency_key_in_use".equals(failure.getCode())) {
            return unavailable(failure);
        }
        return switch (failure) {
            case CardException declined ->
                new PaymentRefused(
                        StripePayment.reason(declined.getCode(), declined.getDeclineCode()),
                        paymentId(declined.getStripeError()),
                        declined);
            case IdempotencyException otherRequest -> misconfigured(otherRequest);
            case InvalidRequestException invalid -> invalid(invalid);
            // 401, and 403 as its subclass.
            case AuthenticationException wrongKey -> misconfigured(wrongKey);
            // Connection failures, time-outs, 429, 5xx and answers that cannot be parsed.
            default -> unavailable(failure);
        };
    }

    private static RuntimeException invalid(InvalidRequestException invalid) {
        String code = String.valueOf(invalid.getCode());
        if (code.equals("amount_too_small") || code.equals("amount_too_large")) {
            return new PaymentRefused("amount-not-accepted", null, invalid);
        }
        if (code.equals("resource_missing") && "payment_method".equals(invalid.getParam())) {
            return new PaymentRefused("payment-method-unknown", null, invalid);
        }
        return misconfigured(invalid);
    }

    static PaymentProviderMisconfigured misconfigured(StripeException failure) {
        return new PaymentProviderMisconfigured(
                "The payment provider refuses the request: " + describe(failure), failure);
    }

    private static PaymentProviderUnavailable unavailable(StripeException failure) {
        return new PaymentProviderUnavailable("The payment provider gave no answer: " + describe(failure), failure);
    }

    /** Status, code and request id: enough to find the call at the provider, nothing the customer typed. */
    private static String describe(StripeException failure) {
        return failure.getClass().getSimpleName() + ", status " + failure.getStatusCode() + ", code "
                + failure.getCode() + ", request " + failure.getRequestId();
    }

    private static @Nullable String paymentId(@Nullable StripeError error) {
        PaymentIntent intent = error == null ? null : error.getPaymentIntent();
        return intent == null ? null : intent.getId();
    }
}
