package dev.gatehouse.billing.operation.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;

@Schema(
        name = "Replay",
        requiredProperties = {"matched", "replayed", "dryRun"})
record ReplayResponse(
        @Schema(description = "How many the filter finds; at the limit there may be more left", example = "2")
        long matched,

        @Schema(description = "Their ids; empty in a dry run")
        List<UUID> replayed,

        boolean dryRun) {

    static ReplayResponse counted(long matched) {
        return new ReplayResponse(matched, List.of(), true);
    }

    static ReplayResponse of(List<UUID> replayed) {
        return new ReplayResponse(replayed.size(), replayed, false);
    }
}
