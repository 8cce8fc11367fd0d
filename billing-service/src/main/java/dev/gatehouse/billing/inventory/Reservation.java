package dev.gatehouse.billing.inventory;

import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stock that inventory holds, or no longer holds, for an order.
 *
 * @param lines what is held, at the price inventory asks now; empty when the order was released before it was reserved
 * @param expiresAt when inventory gives held stock back by itself
 */
public record Reservation(
        UUID orderId,
        State state,
        List<Line> lines,
        @Nullable Instant expiresAt) {

    public Reservation {
        Objects.requireNonNull(orderId, "orderId");
        Objects.requireNonNull(state, "state");
        lines = List.copyOf(lines);
    }

    /** How far inventory got with the order's stock. */
    public enum State {
        HELD,
        CONFIRMED,
        RELEASED,
        EXPIRED
    }

    /** One reserved film with its title and its present price for one copy. */
    public record Line(UUID filmId, int quantity, Money unitPrice, String title) {

        public Line {
            Objects.requireNonNull(filmId, "filmId");
            Objects.requireNonNull(unitPrice, "unitPrice");
            Objects.requireNonNull(title, "title");
        }
    }
}
