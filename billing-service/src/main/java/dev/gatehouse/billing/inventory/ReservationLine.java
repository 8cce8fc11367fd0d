package dev.gatehouse.billing.inventory;

import java.util.UUID;

/**
 * One film to hold stock of.
 *
 * @param quantity copies, 1 to 1000
 */
public record ReservationLine(UUID filmId, int quantity) {}
