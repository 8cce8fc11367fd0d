package dev.gatehouse.billing.openapi;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;

/** The shape of every error, for the document only; the errors themselves are made where they are handled. */
@Schema(description = "What went wrong (RFC 9457)")
record Problem(
        @Schema(example = "https://gatehouse.dev/problems/invalid-request", requiredMode = Schema.RequiredMode.REQUIRED)
        URI type,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String title,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) int status,
        String detail,
        @Schema(example = "/api/orders") URI instance,
        List<Item> errors,
        String traceId) {

    @Schema(name = "ProblemItem")
    record Item(
            @Schema(example = "lines[0].quantity", requiredMode = Schema.RequiredMode.REQUIRED)
            String field,

            @Schema(example = "too-large", requiredMode = Schema.RequiredMode.REQUIRED)
            String code,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            String message,

            @Schema(example = "100", type = "integer") Object limit) {}
}
