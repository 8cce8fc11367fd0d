package dev.gatehouse.inventory.catalogue.web;

import dev.gatehouse.inventory.catalogue.FilmQuery;
import dev.gatehouse.inventory.catalogue.FilmSort;
import dev.gatehouse.inventory.catalogue.Genre;
import dev.gatehouse.inventory.catalogue.Money;
import dev.gatehouse.inventory.input.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/** The query parameters of a search as they came; nothing is checked before all of them can be. */
record FilmSearchParameters(
        @Nullable String q,
        @Nullable String genre,
        @Nullable String yearFrom,
        @Nullable String yearTo,
        @Nullable String priceFrom,
        @Nullable String priceTo,
        @Nullable String currency,
        @Nullable String sort,
        @Nullable String limit,
        @Nullable String cursor) {

    private static final int MAX_LIMIT = 100;
    private static final long DEFAULT_LIMIT = 20;

    /** @throws dev.gatehouse.inventory.input.InvalidInput with everything that is wrong */
    FilmQuery query() {
        Parameters read = new Parameters();
        String words = read.text("q", q, 200);
        Long fromYear = read.integer("yearFrom", yearFrom, 0, 9999);
        Long toYear = read.integer("yearTo", yearTo, 0, 9999);
        Long fromPrice = read.integer("priceFrom", priceFrom, 0, Money.MAX_AMOUNT_MINOR);
        Long toPrice = read.integer("priceTo", priceTo, 0, Money.MAX_AMOUNT_MINOR);
        Long pageSize = read.integer("limit", limit, 1, MAX_LIMIT);
        Genre ofGenre = read.oneOf("genre", genre, Genre.values(), Genre::label);
        FilmSort order = read.oneOf("sort", sort, FilmSort.values(), FilmSort::label);
        if (currency != null && !Money.isCurrency(currency)) {
            read.refuse("currency", "unknown-currency", "must be an ISO 4217 currency code, such as EUR");
        }
        if (currency == null && (priceFrom != null || priceTo != null)) {
            read.refuse(
                    "currency", "required", "is required with a price: amounts of different currencies do not compare");
        }
        if (order == FilmSort.RELEVANCE && q == null) {
            read.refuse("sort", "needs-words", "relevance needs words to be relevant to: give q");
        }
        refuseReversed(read, "yearTo", fromYear, toYear);
        refuseReversed(read, "priceTo", fromPrice, toPrice);
        read.finish();
        return new FilmQuery(
                words,
                ofGenre,
                fromYear,
                toYear,
                fromPrice,
                toPrice,
                currency,
                order != null ? order : words != null ? FilmSort.RELEVANCE : FilmSort.TITLE,
                (int) (long) Objects.requireNonNullElse(pageSize, DEFAULT_LIMIT),
                cursor);
    }

    private static void refuseReversed(Parameters read, String name, @Nullable Long from, @Nullable Long to) {
        if (from != null && to != null && from > to) {
            read.refuse(name, "reversed", "must not be below its lower bound " + from);
        }
    }

    /** The same search from another cursor on: path and query only, right behind any proxy. */
    String link(String nextCursor) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("q", q);
        values.put("genre", genre);
        values.put("yearFrom", yearFrom);
        values.put("yearTo", yearTo);
        values.put("priceFrom", priceFrom);
        values.put("priceTo", priceTo);
        values.put("currency", currency);
        values.put("sort", sort);
        values.put("limit", limit);
        values.put("cursor", nextCursor);
        values.values().removeIf(Objects::isNull);
        UriComponentsBuilder uri = UriComponentsBuilder.fromPath("/api/films");
        values.keySet().forEach(name -> uri.queryParam(name, "{" + name + "}"));
        return "<" + uri.encode().buildAndExpand(values) + ">; rel=\"next\"";
    }
}
