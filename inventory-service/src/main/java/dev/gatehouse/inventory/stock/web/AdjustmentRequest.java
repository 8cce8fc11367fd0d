package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.input.JsonFields;
import dev.gatehouse.inventory.stock.Adjustment;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A change of stock as callers send it; here for the API document, the reading is {@link #read}. */
@Schema(
        name = "AdjustmentRequest",
        additionalProperties = Schema.AdditionalPropertiesValue.FALSE,
        requiredProperties = {"adjustmentId", "delta", "reason"})
record AdjustmentRequest(
        @Schema(description = "Chosen by the caller; sent twice, it counts once")
        UUID adjustmentId,

        @Schema(description = "Copies, not zero", minimum = "-1000000", maximum = "1000000")
        long delta,

        @Schema(minLength = 1, maxLength = 200) String reason) {

    /** @throws dev.gatehouse.inventory.input.InvalidInput with everything that is wrong */
    static Adjustment read(JsonNode body) {
        JsonFields fields = JsonFields.of(body);
        UUID id = fields.uuid("adjustmentId");
        Long delta = fields.requiredInteger("delta", -Adjustment.MAX_DELTA, Adjustment.MAX_DELTA);
        String reason = fields.text("reason", 200);
        if (delta != null && delta == 0) {
            fields.refuse("delta", "out-of-range", "must not be zero");
        }
        fields.finish();
        return new Adjustment(id, delta == null ? 0 : delta, reason);
    }
}
