package dev.gatehouse.billing.operation.web;

import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.SelfChecking;
import dev.gatehouse.billing.order.ParkedMessage.State;
import dev.gatehouse.billing.order.ParkedMessages;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(name = "ReplayMessages", description = "Which of the messages that nobody decided about yet")
record ReplayMessagesRequest(
        @Schema(description = "The word they were parked with", example = "unknown-order")
        @Size(min = 1, max = 50)
        @Nullable
        String reason,

        @Schema(description = "Parked at this time or later", example = "2026-01-31T12:00:00Z") @Nullable
        String parkedAfter,

        @Schema(description = "Parked earlier than this", example = "2026-01-31T13:00:00Z") @Nullable
        String parkedBefore,

        @Schema(description = "Most messages, the longest parked first", example = "100") @NotNull @Min(1) @Max(1000)
        Integer limit,

        @Schema(description = "true: only say how many the filter finds") @NotNull
        Boolean dryRun)
        implements SelfChecking {

    ParkedMessages.Filter filter() {
        Times parked = Times.of(parkedAfter, parkedBefore);
        return new ParkedMessages.Filter(State.PARKED, reason, parked.after(), parked.before());
    }

    @Override
    public List<FieldProblem> check() {
        return Times.check(parkedAfter, parkedBefore);
    }
}
