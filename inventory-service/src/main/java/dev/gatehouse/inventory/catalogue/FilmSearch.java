package dev.gatehouse.inventory.catalogue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Pages of films: filters, words and the place after which a page begins, in one statement. */
@Repository
class FilmSearch {

    /** Whoever uses quotes or a minus means what they wrote: no stems, which a minus would miss, and no look-alikes. */
    private static final String EXACT = "websearch_to_tsquery('simple', film_plain(:words))";

    private static final String STEMMED = "(" + EXACT + " || websearch_to_tsquery('english', film_plain(:words)))";

    private final JdbcClient jdbc;

    FilmSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Needs a transaction: the spelling tolerance is a setting of it. */
    FilmPage page(FilmQuery query) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        List<String> conditions = conditions(query, parameters);
        String score = "0::bigint";
        if (query.words() != null) {
            tolerate(query.words());
            score = score(tsquery(query.words()));
        }
        String sql = "SELECT " + Films.COLUMNS + ", title_key, score FROM (SELECT *, " + score
                + " AS score FROM films) scored"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + " ORDER BY " + query.sort().orderBy() + " LIMIT " + (query.limit() + 1);
        List<Place> places = jdbc.sql(sql)
                .params(parameters)
                .query((row, number) -> new Place(Films.film(row, number), cursor(row, query.sort())))
                .list();
        boolean more = places.size() > query.limit();
        List<Place> shown = more ? places.subList(0, query.limit()) : places;
        return new FilmPage(
                shown.stream().map(Place::film).toList(),
                more ? shown.getLast().cursor().encode(query) : null);
    }

    private static List<String> conditions(FilmQuery query, Map<String, @Nullable Object> parameters) {
        List<String> conditions = new ArrayList<>();
        if (query.words() != null) {
            parameters.put("words", query.words());
            String words = "search @@ " + tsquery(query.words());
            conditions.add(isExact(query.words()) ? words : "(" + words + " OR film_plain(:words) <% search_text)");
        }
        if (query.genre() != null) {
            parameters.put("genre", query.genre().label());
            conditions.add("genres @> ARRAY[:genre]::text[]");
        }
        restrict("year >= :yearFrom", "yearFrom", query.yearFrom(), conditions, parameters);
        restrict("year <= :yearTo", "yearTo", query.yearTo(), conditions, parameters);
        restrict("currency = :currency", "currency", query.currency(), conditions, parameters);
        restrict("price_minor >= :priceFrom", "priceFrom", query.priceFrom(), conditions, parameters);
        restrict("price_minor <= :priceTo", "priceTo", query.priceTo(), conditions, parameters);
        if (query.cursor() != null) {
            List<String> values = Cursor.decode(query.cursor(), query).values();
            for (int i = 0; i < values.size(); i++) {
                parameters.put("after" + i, values.get(i));
            }
            conditions.add(query.sort().after());
        }
        return conditions;
    }

    private static String tsquery(String words) {
        return isExact(words) ? EXACT : STEMMED;
    }

    private static boolean isExact(String words) {
        return words.indexOf('"') >= 0 || words.startsWith("-") || words.contains(" -");
    }

    private static void restrict(
            String condition,
            String name,
            @Nullable Object value,
            List<String> conditions,
            Map<String, @Nullable Object> parameters) {
        if (value != null) {
            conditions.add(condition);
            parameters.put(name, value);
        }
    }

    /**
     * Whole words always come before look-alikes; within each, the better rank, the closer spelling and the title that has
     * little else in it. A whole number, since a cursor must hold it exactly.
     */
    private static String score(String tsquery) {
        return "(CASE WHEN search @@ " + tsquery + " THEN 1000000 ELSE 0 END"
                + " + (ts_rank(search, " + tsquery + ") * 400000)::bigint"
                + " + (word_similarity(film_plain(:words), search_text) * 100000)::bigint"
                + " + (similarity(film_plain(:words), title_key) * 50000)::bigint)";
    }

    private void tolerate(String words) {
        // A short word has few trigrams, and one wrong letter spoils three of them.
        jdbc.sql("SELECT set_config('pg_trgm.word_similarity_threshold', ?, true)")
                .param(words.length() <= 6 ? "0.3" : "0.45")
                .query(String.class)
                .single();
    }

    private static Cursor cursor(ResultSet row, FilmSort sort) throws SQLException {
        List<String> values = new ArrayList<>();
        for (FilmSort.Key key : sort.keys()) {
            values.add(
                    key.isTime()
                            ? row.getObject(key.column(), OffsetDateTime.class)
                                    .toInstant()
                                    .toString()
                            : row.getString(key.column()));
        }
        values.add(row.getString("id"));
        return new Cursor(values);
    }

    private record Place(Film film, Cursor cursor) {}
}
