package dev.gatehouse.inventory.catalogue.web;

import dev.gatehouse.inventory.catalogue.FilmPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param nextCursor null on the last page */
@Schema(
        name = "FilmPage",
        requiredProperties = {"items", "nextCursor"})
record FilmPageResponse(
        List<FilmResponse> items,
        @Schema(types = {"string", "null"}) @Nullable String nextCursor) {

    static FilmPageResponse from(FilmPage page) {
        return new FilmPageResponse(
                page.films().stream().map(FilmResponse::from).toList(), page.nextCursor());
    }
}
