package dev.gatehouse.billing.order;

import java.util.UUID;

/** Somebody tried to move an order to where it must not go from its present state. */
public class IllegalTransition extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IllegalTransition(UUID orderId, OrderState from, OrderState to) {
        super("Order " + orderId + " cannot go from " + from + " to " + to);
    }
}
