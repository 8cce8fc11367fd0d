package dev.gatehouse.inventory.catalogue;

import dev.gatehouse.inventory.input.JsonFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people may say about a film; the only place that knows its rules.
 *
 * @param title 1 to 200 characters
 * @param year of the first showing, 1888 to 2100
 * @param genres 1 to 8, without repeats, in the order given
 * @param runtimeMinutes 1 to 1000
 * @param description at most 2000 characters, lines allowed
 */
public record FilmDetails(
        String title,
        @Nullable String originalTitle,
        int year,
        List<Genre> genres,
        @Nullable String director,
        @Nullable Integer runtimeMinutes,
        @Nullable String description,
        Money price) {

    private static final int MAX_NAME = 200;
    private static final int MAX_GENRES = 8;

    public FilmDetails {
        genres = List.copyOf(genres);
    }

    /** Reads the fields and remembers what is wrong with them; the caller ends the reading with {@code finish()}. */
    public static FilmDetails read(JsonFields fields) {
        Long runtime = fields.optionalInteger("runtimeMinutes", 1, 1000);
        return new FilmDetails(
                fields.text("title", MAX_NAME),
                fields.optionalText("originalTitle", MAX_NAME),
                (int) fields.integer("year", 1888, 2100),
                readGenres(fields),
                fields.optionalText("director", MAX_NAME),
                runtime == null ? null : runtime.intValue(),
                fields.optionalLines("description", 2000),
                Money.read(fields.object("price")));
    }

    private static List<Genre> readGenres(JsonFields fields) {
        List<Genre> genres = new ArrayList<>();
        List<String> labels = fields.texts("genres", 1, MAX_GENRES, 20);
        for (String label : labels) {
            Genre genre = Genre.of(label).orElse(null);
            if (genre == null) {
                fields.refuse("genres", "unknown-value", "has no genre \"" + label + "\"");
            } else if (genres.contains(genre)) {
                fields.refuse("genres", "repeated", "names \"" + label + "\" twice");
            } else {
                genres.add(genre);
            }
        }
        return genres;
    }
}
