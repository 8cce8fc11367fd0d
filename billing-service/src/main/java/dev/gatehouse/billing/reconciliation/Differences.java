package dev.gatehouse.billing.reconciliation;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.sql.Types;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What does not agree, with the report that says so or waiting for the next one. */
@Repository
public class Differences {

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final JdbcClient jdbc;

    Differences(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Remembers, in the caller's transaction if there is one, what the next report is to name. */
    public void note(Difference difference) {
        add(null, difference);
    }

    /** Gives the report what was noted before it, and says how many that are. */
    int adopt(UUID reconciliationId) {
        return jdbc.sql("UPDATE differences SET reconciliation_id = :id WHERE reconciliation_id IS NULL")
                .param("id", reconciliationId)
                .update();
    }

    /** Those of the report, by order. */
    List<Difference> of(UUID reconciliationId) {
        return jdbc.sql("""
                        SELECT kind, order_id, provider_payment_id, expected, found, event_id FROM differences
                        WHERE reconciliation_id = :id ORDER BY kind, order_id, id""")
                .param("id", reconciliationId)
                .query((row, number) -> new Difference(
                        DifferenceKind.valueOf(row.getString("kind")),
                        row.getObject("order_id", UUID.class),
                        row.getString("provider_payment_id"),
                        row.getString("expected"),
                        row.getString("found"),
                        row.getString("event_id")))
                .list();
    }

    void add(@Nullable UUID reconciliationId, Difference difference) {
        jdbc.sql("""
                        INSERT INTO differences
                            (id, reconciliation_id, kind, order_id, provider_payment_id, expected, found, event_id)
                        VALUES (:id, :reconciliationId, :kind, :orderId, :paymentId, :expected, :found, :eventId)""")
                .param("id", ids.generate())
                .param("reconciliationId", reconciliationId, Types.OTHER)
                .param("kind", difference.kind().name())
                .param("orderId", difference.orderId(), Types.OTHER)
                .param("paymentId", difference.providerPaymentId(), Types.VARCHAR)
                .param("expected", difference.expected())
                .param("found", difference.found())
                .param("eventId", difference.eventId(), Types.VARCHAR)
                .update();
    }
}
