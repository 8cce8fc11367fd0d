package dev.gatehouse.billing.payment;

import org.jspecify.annotations.Nullable;

/**
 * The provider was not reached, was too slow, is overloaded or failed: whether the request had an effect is unknown, and
 * repeating the operation later is safe and tells.
 */
public class PaymentProviderUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PaymentProviderUnavailable(String detail, @Nullable Throwable cause) {
        super(detail, cause);
    }
}
