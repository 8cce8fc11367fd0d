package dev.gatehouse.billing.payment;

/** The provider speaks of another amount, currency or order than was asked; never recorded as paid. */
public final class PaymentMismatch extends PaymentNeedsOperator {

    private static final long serialVersionUID = 1L;

    public PaymentMismatch(String detail) {
        super(detail, null);
    }
}
