package dev.gatehouse.inventory.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * Which films, in which order, from where on. Everything absent does not restrict.
 *
 * @param words as typed into a search box: quotes, {@code or} and {@code -} mean what they mean there
 * @param priceFrom minor units of {@code currency}, inclusive, as is {@code priceTo}
 * @param limit how many films a page has at most
 * @param cursor of the page before
 */
public record FilmQuery(
        @Nullable String words,
        @Nullable Genre genre,
        @Nullable Long yearFrom,
        @Nullable Long yearTo,
        @Nullable Long priceFrom,
        @Nullable Long priceTo,
        @Nullable String currency,
        FilmSort sort,
        int limit,
        @Nullable String cursor) {

    /** What a cursor belongs to: everything but the page. */
    String fingerprint() {
        return String.join(
                "\u0000",
                String.valueOf(words),
                String.valueOf(genre),
                String.valueOf(yearFrom),
                String.valueOf(yearTo),
                String.valueOf(priceFrom),
                String.valueOf(priceTo),
                String.valueOf(currency),
                sort.label());
    }
}
