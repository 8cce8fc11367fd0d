package dev.gatehouse.billing.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderLine;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.Transition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "Order",
        requiredProperties = {"id", "state", "version", "customer", "lines", "total", "placedAt", "updatedAt", "history"
        })
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderResponse(
        UUID id,
        OrderState state,

        @Schema(description = "Counts the states it went through; also the entity tag", example = "4")
        int version,

        @Schema(description = "The subject of the customer's tokens")
        String customer,

        List<Line> lines,
        Money total,

        @Schema(description = "What went back to the customer after the sale; absent when nothing did") @Nullable
        Money refunded,

        @Schema(
                description = "Why it was rejected",
                allowableValues = {
                    "insufficient-stock",
                    "unknown-film",
                    "price-changed",
                    "payment-declined",
                    "reservation-expired",
                    "given-up-by-operator"
                })
        @Nullable
        String reason,

        Instant placedAt,
        Instant updatedAt,

        @Schema(description = "Every state so far, oldest first")
        List<Entry> history) {

    static OrderResponse from(Order order) {
        return from(order, null);
    }

    static OrderResponse from(Order order, @Nullable Long refundedMinor) {
        return new OrderResponse(
                order.id(),
                order.state(),
                order.version(),
                order.customer(),
                order.lines().stream().map(Line::from).toList(),
                order.total(),
                refundedMinor == null
                        ? null
                        : new Money(refundedMinor, order.total().currency()),
                order.reason(),
                order.placedAt(),
                order.updatedAt(),
                order.history().stream().map(Entry::from).toList());
    }

    @Schema(
            name = "OrderLine",
            requiredProperties = {"filmId", "quantity", "unitPrice"})
    record Line(UUID filmId, @Schema(example = "1") int quantity, Money unitPrice) {

        static Line from(OrderLine line) {
            return new Line(line.filmId(), line.quantity(), line.unitPrice());
        }
    }

    @Schema(
            name = "OrderHistoryEntry",
            requiredProperties = {"state", "version", "at"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(OrderState state, int version, Instant at) {

        static Entry from(Transition transition) {
            return new Entry(transition.state(), transition.version(), transition.at());
        }
    }
}
