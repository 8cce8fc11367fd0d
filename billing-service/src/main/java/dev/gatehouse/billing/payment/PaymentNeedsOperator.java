package dev.gatehouse.billing.payment;

import org.jspecify.annotations.Nullable;

/** Repeating cannot help: the payment waits, with this reason, until a person has looked at it. */
public abstract sealed class PaymentNeedsOperator extends RuntimeException
        permits PaymentProviderMisconfigured, PaymentMismatch {

    private static final long serialVersionUID = 1L;

    PaymentNeedsOperator(String detail, @Nullable Throwable cause) {
        super(detail, cause);
    }
}
