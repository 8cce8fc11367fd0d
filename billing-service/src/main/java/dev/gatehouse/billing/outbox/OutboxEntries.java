package dev.gatehouse.billing.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Looking into the outbox, and hurrying what the broker refused. */
@Repository
public class OutboxEntries {

    private static final String COLUMNS = "id, aggregate_id, aggregate_version, type, routing_key, created_at,"
            + " available_at, attempts, last_error, sent_at";

    private final JdbcClient jdbc;
    private final Wakeup wakeup;

    OutboxEntries(JdbcClient jdbc, Wakeup wakeup) {
        this.jdbc = jdbc;
        this.wakeup = wakeup;
    }

    /** Everything the outbox still holds about the aggregate, oldest first. */
    public List<OutboxEntry> of(UUID aggregateId) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM outbox WHERE aggregate_id = :id ORDER BY aggregate_version")
                .param("id", aggregateId)
                .query(OutboxEntries::row)
                .list();
    }

    /**
     * Messages that the broker refused and does not have yet, oldest first.
     *
     * @param after only those after this one in that order, null for the first
     */
    public List<OutboxEntry> refused(@Nullable Position after, int atMost) {
        return jdbc.sql("SELECT " + COLUMNS + """
                         FROM outbox
                        WHERE sent_at IS NULL AND attempts > 0
                          AND (:createdAt::timestamptz IS NULL OR (created_at, id) > (:createdAt, :id))
                        ORDER BY created_at, id
                        LIMIT :atMost""")
                .param(
                        "createdAt",
                        after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("atMost", atMost)
                .query(OutboxEntries::row)
                .list();
    }

    /**
     * Lets the relay try at once, in the caller's transaction. Earlier messages of the same aggregate still go first.
     *
     * @throws OutboxEntryNotFound when there is no such message
     * @throws OutboxEntrySent when the broker has it
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void sendNow(UUID id) {
        boolean unsent = jdbc.sql("UPDATE outbox SET available_at = now() WHERE id = :id AND sent_at IS NULL")
                        .param("id", id)
                        .update()
                == 1;
        if (!unsent) {
            boolean sent = jdbc.sql("SELECT EXISTS (SELECT 1 FROM outbox WHERE id = :id)")
                    .param("id", id)
                    .query(Boolean.class)
                    .single();
            throw sent ? new OutboxEntrySent(id) : new OutboxEntryNotFound(id);
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wakeup.wake();
            }
        });
    }

    /**
     * Deletes, in the caller's transaction, copies of received messages in which the text occurs. Our own events name
     * nobody and stay.
     *
     * @return how many
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int erase(String text) {
        return jdbc.sql("""
                        DELETE FROM outbox
                        WHERE body IS NOT NULL
                          AND (position(convert_to(:text, 'UTF8') IN body) > 0
                               OR position(:text IN concat_ws(' ', headers::text, message_id, type, routing_key)) > 0)""").param("text", text).update();
    }

    private static OutboxEntry row(ResultSet row, int number) throws SQLException {
        OffsetDateTime sentAt = row.getObject("sent_at", OffsetDateTime.class);
        return new OutboxEntry(
                row.getObject("id", UUID.class),
                row.getObject("aggregate_id", UUID.class),
                row.getInt("aggregate_version"),
                row.getString("type"),
                row.getString("routing_key"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("available_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                row.getString("last_error"),
                sentAt == null ? null : sentAt.toInstant());
    }

    /** A message's place in the list. */
    public record Position(Instant createdAt, UUID id) {}
}
