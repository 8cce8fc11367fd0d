package dev.gatehouse.billing.operation.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "ParkedMessagePage",
        requiredProperties = {"items", "nextCursor"})
record ParkedMessagePageResponse(
        @Schema(description = "The longest parked first, without their bodies")
        List<ParkedMessageResponse> items,

        @Schema(
                types = {"string", "null"},
                description = "Where the next page begins, with the same parameters; null after the last page")
        @Nullable
        String nextCursor) {}
