package dev.gatehouse.billing.payment;

import java.util.UUID;

/** The payment is being undone, or was: it can no longer be paid, and whoever tries is late. */
public class PaymentUndone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PaymentUndone(UUID orderId) {
        super("The payment of order " + orderId + " is undone");
    }
}
