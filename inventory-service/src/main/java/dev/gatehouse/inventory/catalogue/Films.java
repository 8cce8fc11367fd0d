package dev.gatehouse.inventory.catalogue;

import jakarta.persistence.EntityManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of the catalogue, one by one or by their ids. */
@Repository
class Films {

    static final String COLUMNS = """
            id, title, original_title, year, genres, director, runtime_minutes, description, price_minor, currency, \
            version, created_at, updated_at""";

    private final EntityManager entities;
    private final JdbcClient jdbc;

    Films(EntityManager entities, JdbcClient jdbc) {
        this.entities = entities;
        this.jdbc = jdbc;
    }

    Optional<StoredFilm> find(UUID id) {
        return Optional.ofNullable(entities.find(StoredFilm.class, id));
    }

    void add(StoredFilm film) {
        entities.persist(film);
        flush();
    }

    void remove(StoredFilm film) {
        entities.remove(film);
        flush();
    }

    /** Writes now, so that the new version and the database's times are in the row, or its loss of a race is known. */
    void flush() {
        entities.flush();
    }

    List<Film> findAll(Collection<UUID> ids) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM films WHERE id = ANY(?)")
                .param(ids.toArray(UUID[]::new))
                .query(Films::film)
                .list();
    }

    static Film film(ResultSet row, int number) throws SQLException {
        String[] labels = (String[]) row.getArray("genres").getArray();
        return new Film(
                row.getObject("id", UUID.class),
                new FilmDetails(
                        row.getString("title"),
                        row.getString("original_title"),
                        row.getInt("year"),
                        Arrays.stream(labels)
                                .map(label -> Genre.of(label).orElseThrow())
                                .toList(),
                        row.getString("director"),
                        row.getObject("runtime_minutes", Integer.class),
                        row.getString("description"),
                        new Money(row.getLong("price_minor"), row.getString("currency"))),
                row.getLong("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
