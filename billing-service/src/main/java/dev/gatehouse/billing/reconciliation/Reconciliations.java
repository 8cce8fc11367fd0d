package dev.gatehouse.billing.reconciliation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The reports, and the lease that lets one instance compare at a time. */
@Repository
class Reconciliations {

    private static final String COLUMNS = "id, requested_by, window_from, window_to, started_at, finished_at, orders,"
            + " payments, difference_count, failure";

    private final JdbcClient jdbc;

    Reconciliations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the lease if it is nobody's.
     *
     * @param notBefore how long ago the latest comparison must have begun
     */
    boolean take(UUID token, Duration lease, Duration notBefore) {
        return jdbc.sql("""
                                UPDATE reconciliation_lease
                                SET token = :token, started_at = now(),
                                    lease_until = now() + :lease * interval '1 millisecond'
                                WHERE (lease_until IS NULL OR lease_until <= now())
                                  AND started_at <= now() - :notBefore * interval '1 millisecond'""")
                        .param("token", token)
                        .param("lease", lease.toMillis())
                        .param("notBefore", notBefore.toMillis())
                        .update()
                == 1;
    }

    void giveBack(UUID token) {
        jdbc.sql("UPDATE reconciliation_lease SET lease_until = NULL WHERE token = :token")
                .param("token", token)
                .update();
    }

    void begin(UUID id, @Nullable String requestedBy, Instant from, Instant to) {
        jdbc.sql("""
                        INSERT INTO reconciliations (id, requested_by, window_from, window_to)
                        VALUES (:id, :requestedBy, :from, :to)""")
                .param("id", id)
                .param("requestedBy", requestedBy, Types.VARCHAR)
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("to", to.atOffset(ZoneOffset.UTC))
                .update();
    }

    void finish(UUID id, int orders, int payments, int differences) {
        jdbc.sql("""
                        UPDATE reconciliations
                        SET finished_at = now(), orders = :orders, payments = :payments,
                            difference_count = :differences
                        WHERE id = :id""")
                .param("orders", orders)
                .param("payments", payments)
                .param("differences", differences)
                .param("id", id)
                .update();
    }

    void fail(UUID id, String failure) {
        jdbc.sql("UPDATE reconciliations SET finished_at = now(), failure = :failure WHERE id = :id")
                .param("failure", failure)
                .param("id", id)
                .update();
    }

    Optional<ReconciliationReport> find(UUID id, List<Difference> differences) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM reconciliations WHERE id = :id")
                .param("id", id)
                .query((row, number) -> report(row, differences))
                .optional();
    }

    /** Newest first, without their differences. */
    List<ReconciliationReport> newest(int atMost) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM reconciliations ORDER BY started_at DESC, id DESC LIMIT :atMost")
                .param("atMost", atMost)
                .query((row, number) -> report(row, List.of()))
                .list();
    }

    /** How many differences of each kind the latest comparison found that came to its end. */
    Map<DifferenceKind, Long> latestCounts() {
        return jdbc
                .sql("""
                        SELECT kind, count(*) AS count FROM differences
                        WHERE reconciliation_id = (SELECT id FROM reconciliations
                                                   WHERE finished_at IS NOT NULL AND failure IS NULL
                                                   ORDER BY started_at DESC, id DESC LIMIT 1)
                        GROUP BY kind""")
                .query((row, number) -> Map.entry(DifferenceKind.valueOf(row.getString("kind")), row.getLong("count")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Seconds since the latest comparison came to its end; since the database was made, when none did. */
    double age() {
        return jdbc.sql("""
                        SELECT extract(epoch FROM now() - coalesce(
                            (SELECT max(finished_at) FROM reconciliations WHERE failure IS NULL),
                            (SELECT started_at FROM reconciliation_lease)))""").query(Double.class).single();
    }

    /** Forgets older reports with their differences. */
    void sweep(Duration retention) {
        jdbc.sql("DELETE FROM reconciliations WHERE started_at < now() - :retention * interval '1 millisecond'")
                .param("retention", retention.toMillis())
                .update();
    }

    private static ReconciliationReport report(ResultSet row, List<Difference> differences) throws SQLException {
        OffsetDateTime finishedAt = row.getObject("finished_at", OffsetDateTime.class);
        return new ReconciliationReport(
                row.getObject("id", UUID.class),
                row.getString("requested_by"),
                instant(row, "window_from"),
                instant(row, "window_to"),
                instant(row, "started_at"),
                finishedAt == null ? null : finishedAt.toInstant(),
                row.getInt("orders"),
                row.getInt("payments"),
                row.getInt("difference_count"),
                row.getString("failure"),
                differences);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
