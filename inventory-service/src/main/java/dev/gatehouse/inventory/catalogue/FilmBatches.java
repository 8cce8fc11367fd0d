package dev.gatehouse.inventory.catalogue;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Many films at once, in one statement each. */
@Repository
public class FilmBatches {

    private final JdbcTemplate batches;
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;

    FilmBatches(JdbcTemplate batches, JdbcClient jdbc, ApplicationEventPublisher events) {
        this.batches = batches;
        this.jdbc = jdbc;
        this.events = events;
    }

    /**
     * New content for a film.
     *
     * @param version that the film must be at
     */
    public record Replacement(UUID id, long version, FilmDetails details) {}

    /** What became of a {@link Replacement}. */
    public enum Outcome {
        CHANGED,
        /** The film is at another version. */
        STALE,
        /** No film has this id. */
        UNKNOWN
    }

    /** Creates all or none. */
    @Transactional
    public void create(List<FilmDetails> films) {
        allowTime();
        // Nobody can have asked for ids that did not exist: no event, no mark in the cache.
        batches.batchUpdate("""
                INSERT INTO films (id, title, original_title, year, genres, director, runtime_minutes, description,
                    price_minor, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", films, films.size(), (statement, film) -> {
            statement.setObject(1, FilmIds.next());
            set(statement, 2, film);
        });
    }

    /** Replaces each film that is at the expected version, in the order given. */
    @Transactional
    public List<Outcome> replace(List<Replacement> replacements) {
        allowTime();
        int[] counts = batches.batchUpdate("""
                UPDATE films SET title = ?, original_title = ?, year = ?, genres = ?, director = ?, runtime_minutes = ?,
                    description = ?, price_minor = ?, currency = ?, version = version + 1, updated_at = now()
                WHERE id = ? AND version = ?""", new BatchPreparedStatementSetter() {
            @Override
            public void setValues(PreparedStatement statement, int i) throws SQLException {
                set(statement, 1, replacements.get(i).details());
                statement.setObject(10, replacements.get(i).id());
                statement.setLong(11, replacements.get(i).version());
            }

            @Override
            public int getBatchSize() {
                return replacements.size();
            }
        });
        Set<UUID> known = known(replacements.stream().map(Replacement::id).toList());
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            Replacement replacement = replacements.get(i);
            if (counts[i] == 1) {
                outcomes.add(Outcome.CHANGED);
                events.publishEvent(new FilmChanged(replacement.id(), replacement.version() + 1));
            } else {
                outcomes.add(known.contains(replacement.id()) ? Outcome.STALE : Outcome.UNKNOWN);
            }
        }
        return outcomes;
    }

    /** A batch may take longer than a request for one film, and less than the socket's timeout. */
    private void allowTime() {
        jdbc.sql("SELECT set_config('statement_timeout', '15s', true)")
                .query(String.class)
                .single();
    }

    private Set<UUID> known(List<UUID> ids) {
        return new HashSet<>(jdbc.sql("SELECT id FROM films WHERE id = ANY(?)")
                .param(ids.toArray(UUID[]::new))
                .query(UUID.class)
                .list());
    }

    private static void set(PreparedStatement statement, int from, FilmDetails film) throws SQLException {
        String[] genres = film.genres().stream().map(Genre::label).toArray(String[]::new);
        statement.setString(from, film.title());
        statement.setString(from + 1, film.originalTitle());
        statement.setInt(from + 2, film.year());
        statement.setArray(from + 3, statement.getConnection().createArrayOf("text", genres));
        statement.setString(from + 4, film.director());
        statement.setObject(from + 5, film.runtimeMinutes(), Types.INTEGER);
        statement.setString(from + 6, film.description());
        statement.setLong(from + 7, film.price().amountMinor());
        statement.setString(from + 8, film.price().currency());
    }
}
