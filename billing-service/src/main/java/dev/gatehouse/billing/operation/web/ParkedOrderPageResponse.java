package dev.gatehouse.billing.operation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.ParkedOrder;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "ParkedOrderPage",
        requiredProperties = {"items", "nextCursor"})
record ParkedOrderPageResponse(
        @Schema(description = "The longest parked first") List<Item> items,

        @Schema(
                types = {"string", "null"},
                description = "Where the next page begins, with the same parameters; null after the last page")
        @Nullable
        String nextCursor) {

    @Schema(
            name = "OrderStep",
            requiredProperties = {"orderId", "state", "version", "attempts", "dueAt"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            UUID orderId,

            @Schema(description = "The order's state, whose step this is")
            OrderState state,

            int version,

            @Schema(description = "Failed attempts at this step")
            int attempts,

            @Schema(description = "When its outside call was first begun") @Nullable
            Instant startedAt,

            @Schema(description = "When it is tried next, unless parked")
            Instant dueAt,

            @Nullable String lastError,
            @Nullable Instant parkedAt,
            @Nullable String parkedReason) {

        static Item from(ParkedOrder order) {
            return new Item(
                    order.orderId(),
                    order.state(),
                    order.version(),
                    order.attempts(),
                    order.startedAt(),
                    order.dueAt(),
                    order.lastError(),
                    order.parkedAt(),
                    order.parkedReason());
        }
    }
}
