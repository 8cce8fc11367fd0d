package dev.gatehouse.inventory.stock;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;

/**
 * Copies of one film in a reservation, with title and price as they were when it was made.
 *
 * @param priceMinor of one copy, in the currency's minor unit
 */
@Embeddable
public record ReservationLine(
        @Column(name = "film_id") UUID filmId,
        @Column(name = "quantity") int quantity,
        @Column(name = "title") String title,
        @Column(name = "price_minor") long priceMinor,
        @Column(name = "currency") String currency) {}
