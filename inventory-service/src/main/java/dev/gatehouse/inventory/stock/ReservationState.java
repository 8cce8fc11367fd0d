package dev.gatehouse.inventory.stock;

/** HELD becomes exactly one of the others, and those are final. */
public enum ReservationState {
    /** The copies are set aside. */
    HELD,
    /** The copies are sold. */
    CONFIRMED,
    /** The copies were given back, or never taken because the release came first. */
    RELEASED,
    /** The copies were given back because nobody decided in time. */
    EXPIRED
}
