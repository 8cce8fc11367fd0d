package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.input.JsonFields;
import dev.gatehouse.inventory.stock.ReservationRequest;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What to hold, as callers send it; here for the API document, the reading is {@link #read}. */
@Schema(
        name = "ReserveStockRequest",
        additionalProperties = Schema.AdditionalPropertiesValue.FALSE,
        requiredProperties = {"lines"})
record ReserveStockRequest(
        @ArraySchema(minItems = 1, maxItems = 100) List<Line> lines,

        @Schema(minimum = "60", maximum = "86400", defaultValue = "7200") @Nullable
        Integer expiresInSeconds) {

    private static final long DEFAULT_SECONDS = 7200;

    @Schema(
            name = "ReserveStockLine",
            additionalProperties = Schema.AdditionalPropertiesValue.FALSE,
            requiredProperties = {"filmId", "quantity"})
    record Line(
            UUID filmId,
            @Schema(minimum = "1", maximum = "1000") int quantity) {}

    /** @throws dev.gatehouse.inventory.input.InvalidInput with everything that is wrong */
    static ReservationRequest read(UUID orderId, JsonNode body) {
        JsonFields fields = JsonFields.of(body);
        Set<UUID> films = new HashSet<>();
        List<ReservationRequest.Line> lines = new ArrayList<>();
        for (JsonFields line : fields.objects("lines", 1, 100)) {
            UUID filmId = line.uuid("filmId");
            if (!films.add(filmId)) {
                line.refuse("filmId", "repeated", "is in another line already");
            }
            lines.add(new ReservationRequest.Line(filmId, (int) line.integer("quantity", 1, 1000)));
        }
        Long seconds = fields.optionalInteger("expiresInSeconds", 60, 86_400);
        fields.finish();
        return new ReservationRequest(
                orderId, lines, Duration.ofSeconds(Objects.requireNonNullElse(seconds, DEFAULT_SECONDS)));
    }
}
