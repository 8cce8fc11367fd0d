package dev.gatehouse.inventory.catalogue.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.inventory.catalogue.Film;
import dev.gatehouse.inventory.catalogue.FilmDetails;
import dev.gatehouse.inventory.catalogue.Genre;
import dev.gatehouse.inventory.catalogue.Money;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A film as callers get it; what it does not have is left out. */
@Schema(
        name = "Film",
        requiredProperties = {"id", "title", "year", "genres", "price", "version", "createdAt", "updatedAt"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record FilmResponse(
        UUID id,
        String title,
        @Nullable String originalTitle,
        int year,

        @ArraySchema(schema = @Schema(ref = "#/components/schemas/Genre"))
        List<String> genres,

        @Nullable String director,
        @Nullable Integer runtimeMinutes,
        @Nullable String description,
        Money price,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    static FilmResponse from(Film film) {
        FilmDetails details = film.details();
        return new FilmResponse(
                film.id(),
                details.title(),
                details.originalTitle(),
                details.year(),
                details.genres().stream().map(Genre::label).toList(),
                details.director(),
                details.runtimeMinutes(),
                details.description(),
                details.price(),
                film.version(),
                film.createdAt(),
                film.updatedAt());
    }
}
