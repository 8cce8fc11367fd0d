package dev.gatehouse.inventory.stock;

import java.util.UUID;

/** Nothing was ever reserved or released for this order. */
public final class ReservationNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReservationNotFound(UUID orderId) {
        super("There is no reservation for order " + orderId, null, false, false);
    }
}
