package dev.gatehouse.billing.inventory;

/**
 * Final answer: the reservation is in a state that forbids what was asked (confirm after release or expiry, release after
 * confirmation, other lines under the same order id).
 */
public class ReservationConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReservationConflict(String detail) {
        super(detail);
    }
}
