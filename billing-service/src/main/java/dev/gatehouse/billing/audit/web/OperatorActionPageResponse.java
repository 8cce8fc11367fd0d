package dev.gatehouse.billing.audit.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.audit.OperatorAction;
import dev.gatehouse.billing.audit.Outcome;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "OperatorActionPage",
        requiredProperties = {"items", "nextCursor"})
record OperatorActionPageResponse(
        @Schema(description = "Newest first") List<Item> items,

        @Schema(
                types = {"string", "null"},
                description = "Where the next page begins, with the same parameters; null after the last page")
        @Nullable
        String nextCursor) {

    static OperatorActionPageResponse from(List<OperatorAction> page, @Nullable String nextCursor) {
        return new OperatorActionPageResponse(page.stream().map(Item::from).toList(), nextCursor);
    }

    @Schema(
            name = "OperatorAction",
            requiredProperties = {"id", "operator", "action", "target", "matched", "outcome", "at"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            UUID id,

            @Schema(description = "The subject of the operator's token")
            String operator,

            @Schema(description = "The client the token was issued to") @Nullable
            String client,

            @Schema(example = "replay-orders") String action,

            @Schema(description = "The id or the filter, by name")
            Map<String, String> target,

            @Nullable String reason,

            @Schema(description = "How many things it concerned")
            long matched,

            Outcome outcome,

            @Schema(description = "Why it was refused") @Nullable
            String detail,

            Instant at,
            @Nullable String traceId) {

        static Item from(OperatorAction action) {
            return new Item(
                    action.id(),
                    action.operator().subject(),
                    action.operator().client(),
                    action.action(),
                    action.target(),
                    action.reason(),
                    action.matched(),
                    action.outcome(),
                    action.detail(),
                    action.at(),
                    action.traceId());
        }
    }
}
