package dev.gatehouse.billing.payment;

import org.jspecify.annotations.Nullable;

/** The provider understood the request and refuses it whatever the customer does: wrong key, missing right, invalid request. */
public final class PaymentProviderMisconfigured extends PaymentNeedsOperator {

    private static final long serialVersionUID = 1L;

    public PaymentProviderMisconfigured(String detail, @Nullable Throwable cause) {
        super(detail, cause);
    }
}
