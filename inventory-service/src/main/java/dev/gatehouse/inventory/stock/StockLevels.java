package dev.gatehouse.inventory.stock;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The stock of all films. Every change is one conditional statement: no number is ever read, changed in Java and written
 * back.
 */
@Repository
class StockLevels {

    private final JdbcClient jdbc;

    StockLevels(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return empty when there is no such film; a film without a row has no stock */
    Optional<StockLevel> find(UUID filmId) {
        return jdbc.sql("""
                        SELECT f.id AS film_id, coalesce(s.available, 0) AS available, coalesce(s.reserved, 0) AS reserved,
                            coalesce(s.version, 0) AS version
                        FROM films f LEFT JOIN stock_levels s ON s.film_id = f.id WHERE f.id = ?""").param(filmId).query(StockLevel.class).optional();
    }

    /** @return whether the adjustment is new; waits for a transaction that is just making it */
    boolean record(UUID filmId, Adjustment adjustment, String by) {
        return jdbc.sql("""
                        INSERT INTO stock_adjustments (id, film_id, delta, reason, adjusted_by) VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT DO NOTHING""")
                        .params(adjustment.id(), filmId, adjustment.delta(), adjustment.reason(), by)
                        .update()
                == 1;
    }

    boolean isRecorded(UUID filmId, Adjustment adjustment) {
        return jdbc.sql(
                                "SELECT count(*) FROM stock_adjustments WHERE id = ? AND film_id = ? AND delta = ? AND reason = ?")
                        .params(adjustment.id(), filmId, adjustment.delta(), adjustment.reason())
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** @return false, and nothing changed, when that would leave less than none */
    boolean adjust(UUID filmId, long delta) {
        jdbc.sql("INSERT INTO stock_levels (film_id) VALUES (?) ON CONFLICT DO NOTHING")
                .param(filmId)
                .update();
        return jdbc.sql("""
                        UPDATE stock_levels SET available = available + :delta, version = version + 1
                        WHERE film_id = :film AND available + :delta >= 0""").param("delta", delta).param("film", filmId).update() == 1;
    }

    /** @return false, and nothing changed, when fewer are available */
    boolean hold(UUID filmId, int quantity) {
        return jdbc.sql("""
                        UPDATE stock_levels SET available = available - :n, reserved = reserved + :n, version = version + 1
                        WHERE film_id = :film AND available >= :n""").param("n", quantity).param("film", filmId).update() == 1;
    }

    void giveBack(List<ReservationLine> lines) {
        lines.forEach(line -> end(line, "available = available + :n, reserved = reserved - :n"));
    }

    void handOver(List<ReservationLine> lines) {
        lines.forEach(line -> end(line, "reserved = reserved - :n"));
    }

    private void end(ReservationLine line, String change) {
        int rows = jdbc.sql("UPDATE stock_levels SET " + change + ", version = version + 1 WHERE film_id = :film")
                .param("n", line.quantity())
                .param("film", line.filmId())
                .update();
        if (rows != 1) {
            // A film with held copies cannot be deleted: this row is there or something is badly wrong.
            throw new IllegalStateException("No stock row for the held film " + line.filmId());
        }
    }

    /** @return false when copies are held */
    boolean removeUnheld(UUID filmId) {
        jdbc.sql("DELETE FROM stock_levels WHERE film_id = ? AND reserved = 0")
                .param(filmId)
                .update();
        return jdbc.sql("SELECT count(*) FROM stock_levels WHERE film_id = ?")
                        .param(filmId)
                        .query(Long.class)
                        .single()
                == 0;
    }
}
