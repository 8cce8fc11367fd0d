package dev.gatehouse.billing.payment;

import java.util.UUID;

/** The order has no such refund. */
public class RefundNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RefundNotFound(UUID id) {
        super("There is no refund " + id);
    }
}
