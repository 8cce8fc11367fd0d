package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.catalogue.Money;
import dev.gatehouse.inventory.stock.Reservation;
import dev.gatehouse.inventory.stock.ReservationState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * @param lines by film id, with title and price as they were when it was made; none when the release came first
 * @param expiresAt null when the release came first
 */
@Schema(
        name = "Reservation",
        requiredProperties = {"orderId", "state", "lines", "expiresAt"})
record ReservationResponse(
        UUID orderId,
        ReservationState state,
        List<Line> lines,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant expiresAt) {

    @Schema(
            name = "ReservationLine",
            requiredProperties = {"filmId", "quantity", "unitPrice", "title"})
    record Line(UUID filmId, int quantity, Money unitPrice, String title) {}

    static ReservationResponse from(Reservation reservation) {
        List<Line> lines = reservation.lines().stream()
                .map(line -> new Line(
                        line.filmId(), line.quantity(), new Money(line.priceMinor(), line.currency()), line.title()))
                .toList();
        return new ReservationResponse(reservation.orderId(), reservation.state(), lines, reservation.expiresAt());
    }
}
