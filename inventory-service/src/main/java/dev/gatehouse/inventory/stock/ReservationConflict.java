package dev.gatehouse.inventory.stock;

/** The reservation's state or content does not allow what was asked. */
public final class ReservationConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReservationConflict(String message) {
        super(message, null, false, false);
    }
}
