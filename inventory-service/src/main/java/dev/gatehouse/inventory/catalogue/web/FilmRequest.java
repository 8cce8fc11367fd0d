package dev.gatehouse.inventory.catalogue.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.inventory.catalogue.FilmDetails;
import dev.gatehouse.inventory.catalogue.Genre;
import dev.gatehouse.inventory.catalogue.Money;
import dev.gatehouse.inventory.input.JsonFields;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A film's content as callers send it; the target of a merge patch. */
@Schema(name = "FilmRequest", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
@JsonInclude(JsonInclude.Include.NON_NULL)
record FilmRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 200)
        String title,

        @Schema(minLength = 1, maxLength = 200) @Nullable String originalTitle,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minimum = "1888", maximum = "2100")
        int year,

        @ArraySchema(
                arraySchema = @Schema(requiredMode = Schema.RequiredMode.REQUIRED),
                minItems = 1,
                maxItems = 8,
                uniqueItems = true,
                schema = @Schema(ref = "#/components/schemas/Genre"))
        List<String> genres,

        @Schema(minLength = 1, maxLength = 200) @Nullable String director,

        @Schema(minimum = "1", maximum = "1000") @Nullable Integer runtimeMinutes,

        @Schema(minLength = 1, maxLength = 2000) @Nullable String description,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Money price) {

    static FilmRequest from(FilmDetails details) {
        return new FilmRequest(
                details.title(),
                details.originalTitle(),
                details.year(),
                details.genres().stream().map(Genre::label).toList(),
                details.director(),
                details.runtimeMinutes(),
                details.description(),
                details.price());
    }

    /** @throws dev.gatehouse.inventory.input.InvalidInput with everything that is wrong */
    static FilmDetails read(JsonNode body) {
        JsonFields fields = JsonFields.of(body);
        FilmDetails details = FilmDetails.read(fields);
        fields.finish();
        return details;
    }
}
