package dev.gatehouse.billing.webhook;

import dev.gatehouse.billing.payment.ProviderEvent;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The provider's messages that were taken, by their ids. */
@Repository
class ReceivedEvents {

    private static final int SWEEP_BATCH = 1000;

    private final JdbcClient jdbc;

    ReceivedEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The time that decides what is too old. */
    Instant now() {
        return jdbc.sql("SELECT now()").query(OffsetDateTime.class).single().toInstant();
    }

    /** Whether the message is new; waits for a transaction that is just taking it. */
    boolean add(ProviderEvent event) {
        ProviderEvent.Claim claim = event.claim();
        return jdbc.sql("""
                                INSERT INTO provider_events
                                    (id, type, order_id, provider_payment_id, outcome, created_at)
                                VALUES (:id, :type, :orderId, :paymentId, 'NEW', :createdAt)
                                ON CONFLICT (id) DO NOTHING""")
                        .param("id", event.id())
                        .param("type", event.type())
                        .param("orderId", claim == null ? null : claim.orderId(), Types.OTHER)
                        .param("paymentId", claim == null ? null : claim.paymentId(), Types.VARCHAR)
                        .param("createdAt", event.createdAt().atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void settle(String id, Outcome outcome) {
        jdbc.sql("UPDATE provider_events SET outcome = :outcome WHERE id = :id")
                .param("outcome", outcome.name())
                .param("id", id)
                .update();
    }

    /** Forgets what is older. */
    void sweep(Duration retention) {
        int swept;
        do {
            swept = jdbc.sql("""
                            DELETE FROM provider_events WHERE id IN (
                                SELECT id FROM provider_events
                                WHERE received_at < now() - :retention * interval '1 millisecond'
                                LIMIT :batch FOR UPDATE SKIP LOCKED)""")
                    .param("retention", retention.toMillis())
                    .param("batch", SWEEP_BATCH)
                    .update();
        } while (swept == SWEEP_BATCH);
    }
}
