package dev.gatehouse.inventory.stock;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What to hold for an order, all of it or nothing.
 *
 * @param lines 1 to 100, each film once
 * @param holdFor how long the copies stay held without a decision
 */
public record ReservationRequest(UUID orderId, List<Line> lines, Duration holdFor) {

    public ReservationRequest {
        lines = List.copyOf(lines);
    }

    /** @param quantity 1 to 1000 */
    public record Line(UUID filmId, int quantity) {}

    Map<UUID, Integer> quantities() {
        return lines.stream().collect(Collectors.toMap(Line::filmId, Line::quantity));
    }
}
