package dev.gatehouse.billing.payment;

import org.jspecify.annotations.Nullable;

/** Final answer: the provider refuses the customer's means of payment or the amount. */
public class PaymentRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final @Nullable String providerPaymentId;

    /** @param reason as in {@link PaymentOutcome.Declined} */
    public PaymentRefused(String reason, @Nullable String providerPaymentId, Throwable cause) {
        super("The provider refuses the payment: " + reason, cause);
        this.reason = reason;
        this.providerPaymentId = providerPaymentId;
    }

    String reason() {
        return reason;
    }

    @Nullable
    String providerPaymentId() {
        return providerPaymentId;
    }
}
