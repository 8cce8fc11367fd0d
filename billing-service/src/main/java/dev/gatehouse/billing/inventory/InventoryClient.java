package dev.gatehouse.billing.inventory;

import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Inventory's HTTP API as billing uses it. Every operation is idempotent and may be repeated after {@link
 * InventoryUnavailable}; none may run inside a database transaction.
 */
@Component
public class InventoryClient {

    /**
     * Holds stock of all lines for the order, or of none.
     *
     * @return the reservation with the prices inventory asks; state RELEASED when the order was released before
     * @throws InsufficientStock final
     * @throws UnknownFilm final
     * @throws ReservationConflict final: the order id already holds other lines
     * @throws InventoryUnavailable transient or unknown
     */
    public Reservation reserve(UUID orderId, List<ReservationLine> lines) {
        throw new UnsupportedOperationException("reserve " + orderId + lines);
    }

    /**
     * Turns held stock into sold stock.
     *
     * @throws ReservationConflict final: released or expired before
     * @throws InventoryUnavailable transient or unknown
     */
    public Reservation confirm(UUID orderId) {
        throw new UnsupportedOperationException("confirm " + orderId);
    }

    /**
     * Gives held stock back; an order that was never reserved is marked so that a late reservation holds nothing.
     *
     * @throws ReservationConflict final: confirmed before
     * @throws InventoryUnavailable transient or unknown
     */
    public Reservation release(UUID orderId) {
        throw new UnsupportedOperationException("release " + orderId);
    }

    /**
     * A film's title and price now.
     *
     * @throws FilmNotFound final
     * @throws InventoryUnavailable transient or unknown
     */
    public FilmQuote film(UUID filmId) {
        throw new UnsupportedOperationException("film " + filmId);
    }
}
