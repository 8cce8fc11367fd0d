package dev.gatehouse.billing.inventory;

import java.util.Objects;
import java.util.UUID;

/** How far inventory got with an order's stock. */
public record ReservationState(UUID orderId, Reservation.State state) {

    public ReservationState {
        Objects.requireNonNull(orderId, "orderId");
        Objects.requireNonNull(state, "state");
    }
}
