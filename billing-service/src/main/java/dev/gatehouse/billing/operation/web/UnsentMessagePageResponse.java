package dev.gatehouse.billing.operation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.outbox.OutboxEntry;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "UnsentMessagePage",
        requiredProperties = {"items", "nextCursor"})
record UnsentMessagePageResponse(
        @Schema(description = "The oldest first") List<Item> items,

        @Schema(
                types = {"string", "null"},
                description = "Where the next page begins, with the same parameters; null after the last page")
        @Nullable
        String nextCursor) {

    @Schema(
            name = "OutboxMessage",
            requiredProperties = {
                "id",
                "aggregateId",
                "aggregateVersion",
                "routingKey",
                "createdAt",
                "availableAt",
                "attempts"
            })
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            UUID id,

            @Schema(description = "The order, or the parked message that is sent once more")
            UUID aggregateId,

            int aggregateVersion,

            @Schema(example = "order-state-changed") @Nullable
            String type,

            @Schema(example = "order.placed") String routingKey,
            Instant createdAt,

            @Schema(description = "Not before this is it tried again")
            Instant availableAt,

            @Schema(description = "How often the broker refused it")
            int attempts,

            @Schema(example = "returned: 312 NO_ROUTE") @Nullable
            String lastError,

            @Schema(description = "When the broker confirmed it") @Nullable
            Instant sentAt) {

        static Item from(OutboxEntry entry) {
            return new Item(
                    entry.id(),
                    entry.aggregateId(),
                    entry.aggregateVersion(),
                    entry.type(),
                    entry.routingKey(),
                    entry.createdAt(),
                    entry.availableAt(),
                    entry.attempts(),
                    entry.lastError(),
                    entry.sentAt());
        }
    }
}
