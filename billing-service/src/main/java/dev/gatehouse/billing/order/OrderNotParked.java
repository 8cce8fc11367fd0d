package dev.gatehouse.billing.order;

import java.util.UUID;

/** The order is not put aside: it is final, or being worked on. */
public class OrderNotParked extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderNotParked(UUID id) {
        super("Order " + id + " is not parked: it is final, or it is being worked on.");
    }
}
