package dev.gatehouse.billing.order;

import java.util.UUID;

/**
 * Whoever writes does so on knowledge that is out of date: the order has another version, or its step another owner.
 */
class LateWriter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LateWriter(UUID orderId) {
        super("Order " + orderId + " was moved on by somebody else");
    }
}
