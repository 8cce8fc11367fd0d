package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;

/** More is asked back than was taken and not asked back before. */
public class RefundExceedsPayment extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Money left;

    public RefundExceedsPayment(Money left) {
        super("Of the payment, " + left + " can still be given back.");
        this.left = left;
    }

    /** What can still be asked back. */
    public Money left() {
        return left;
    }
}
