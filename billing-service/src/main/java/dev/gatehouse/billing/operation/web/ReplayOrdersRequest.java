package dev.gatehouse.billing.operation.web;

import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.SelfChecking;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.ParkedOrders;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(name = "ReplayOrders")
record ReplayOrdersRequest(
        @Schema(
                description = "Only orders in this state",
                allowableValues = {"PLACED", "RESERVED", "PAID", "RELEASING", "CANCELLING"})
        @Pattern(
                regexp = "PLACED|RESERVED|PAID|RELEASING|CANCELLING",
                message = "must be PLACED, RESERVED, PAID, RELEASING or CANCELLING")
        @Nullable
        String state,

        @Schema(description = "Occurs in the reason, in whatever case", example = "InventoryUnavailable")
        @Size(min = 1, max = 200)
        @Nullable
        String reason,

        @Schema(description = "Parked at this time or later", example = "2026-01-31T12:00:00Z") @Nullable
        String parkedAfter,

        @Schema(description = "Parked earlier than this", example = "2026-01-31T13:00:00Z") @Nullable
        String parkedBefore,

        @Schema(description = "Most orders, the longest parked first", example = "100") @NotNull @Min(1) @Max(1000)
        Integer limit,

        @Schema(description = "true: only say how many the filter finds") @NotNull
        Boolean dryRun)
        implements SelfChecking {

    ParkedOrders.Filter filter() {
        Times parked = Times.of(parkedAfter, parkedBefore);
        return new ParkedOrders.Filter(
                state == null ? null : OrderState.valueOf(state), reason, parked.after(), parked.before());
    }

    @Override
    public List<FieldProblem> check() {
        return Times.check(parkedAfter, parkedBefore);
    }
}
