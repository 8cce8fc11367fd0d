package dev.gatehouse.billing.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The outbox table. Each method is one statement and so one short transaction, unless the caller has one. */
@Repository
class OutboxRows {

    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    /** Of copies that are larger a batch takes one: a hundred of them would not fit into the heap. */
    private static final int LARGE_BYTES = 64 * 1024;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    OutboxRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void insert(OutboxMessage message, Map<String, String> headers) {
        jdbc.sql("""
                        INSERT INTO outbox (id, aggregate_id, aggregate_version, type, routing_key, payload,
                                            headers)
                        VALUES (:id, :aggregateId, :aggregateVersion, :type, :routingKey, :payload::jsonb,
                                :headers::jsonb)""")
                .param("id", message.id())
                .param("aggregateId", message.aggregateId())
                .param("aggregateVersion", message.aggregateVersion())
                .param("type", message.type())
                .param("routingKey", message.routingKey())
                .param("payload", message.payload())
                .param("headers", json.writeValueAsString(headers))
                .update();
    }

    /** Writes a message that goes out as it once came. */
    void insert(ReceivedMessage message) {
        jdbc.sql("""
                        INSERT INTO outbox (id, aggregate_id, aggregate_version, type, exchange, routing_key, message_id,
                                            content_type, headers, body)
                        VALUES (:id, :id, 1, :type, :exchange, :routingKey, :messageId,
                                :contentType, :headers::jsonb, :body)""")
                .param("id", message.id())
                .param("type", message.type())
                .param("exchange", message.exchange())
                .param("routingKey", message.routingKey())
                .param("messageId", message.messageId())
                .param("contentType", message.contentType())
                .param("headers", json.writeValueAsString(message.headers()))
                .param("body", message.body())
                .update();
    }

    /**
     * Takes messages that are due and nobody's, each aggregate's oldest unsent one only: a later one never overtakes
     * it, and an aggregate never
     * has two in flight.
     */
    List<Claimed> claim(UUID claim, int atMost, Duration lease) {
        return jdbc.sql("""
                        WITH due AS (
                            SELECT id, created_at
                            FROM outbox o
                            WHERE sent_at IS NULL
                              AND available_at <= now()
                              AND (claimed_until IS NULL OR claimed_until <= now())
                              AND NOT EXISTS (
                                  SELECT 1 FROM outbox earlier
                                  WHERE earlier.aggregate_id = o.aggregate_id
                                    AND earlier.aggregate_version < o.aggregate_version
                                    AND earlier.sent_at IS NULL)
                              AND (body IS NULL OR octet_length(body) <= :large
                                  OR id = (
                                      SELECT id FROM outbox
                                      WHERE sent_at IS NULL AND body IS NOT NULL AND octet_length(body) > :large
                                        AND available_at <= now()
                                        AND (claimed_until IS NULL OR claimed_until <= now())
                                      ORDER BY available_at, id
                                      LIMIT 1))
                            ORDER BY available_at
                            LIMIT :atMost
                            FOR UPDATE OF o SKIP LOCKED)
                        UPDATE outbox u
                        SET claimed_until = now() + :lease * interval '1 millisecond', claimed_by = :claim
                        FROM due
                        WHERE u.id = due.id AND u.created_at = due.created_at
                        RETURNING u.id, u.type, u.exchange, u.routing_key, u.message_id, u.content_type,
                                  coalesce(u.body, convert_to(u.payload::text, 'UTF8')) AS body, u.headers, u.attempts""")
                .param("atMost", atMost)
                .param("large", LARGE_BYTES)
                .param("lease", lease.toMillis())
                .param("claim", claim)
                .query(this::row)
                .list();
    }

    /** Only for messages the broker has confirmed: that is a fact, whoever holds the claim by now. */
    void markSent(Collection<UUID> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql("""
                            UPDATE outbox SET sent_at = now(), claimed_until = NULL, last_error = NULL
                            WHERE id = ANY (:ids::uuid[]) AND sent_at IS NULL""")
                    .param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                    .update();
        }
    }

    /** Counts a refusal and gives the message another time. */
    void postpone(UUID id, UUID claim, Duration pause, String error) {
        jdbc.sql("""
                        UPDATE outbox
                        SET attempts = attempts + 1, available_at = now() + :pause * interval '1 millisecond',
                            claimed_until = NULL, last_error = :error
                        WHERE id = :id AND claimed_by = :claim AND sent_at IS NULL""")
                .param("pause", pause.toMillis())
                .param("error", error)
                .param("id", id)
                .param("claim", claim)
                .update();
    }

    /** Gives back what the broker was never asked about, or has not answered. */
    void release(UUID claim) {
        jdbc.sql("UPDATE outbox SET claimed_until = NULL"
                        + " WHERE claimed_by = :claim AND claimed_until IS NOT NULL AND sent_at IS NULL")
                .param("claim", claim)
                .update();
    }

    /** What waits, and for how many seconds the oldest has. */
    Backlog backlog() {
        return jdbc.sql("""
                        SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)
                        FROM outbox WHERE sent_at IS NULL""")
                .query((row, number) -> new Backlog(row.getLong(1), row.getDouble(2)))
                .single();
    }

    void keepPartitions(int daysAhead, int daysKept) {
        jdbc.sql("SELECT outbox_keep_partitions(:daysAhead, :daysKept)")
                .param("daysAhead", daysAhead)
                .param("daysKept", daysKept)
                .query((row, number) -> true)
                .single();
    }

    private Claimed row(ResultSet row, int number) throws SQLException {
        return new Claimed(
                row.getObject("id", UUID.class),
                row.getString("type"),
                row.getString("exchange"),
                row.getString("routing_key"),
                row.getString("message_id"),
                row.getString("content_type"),
                row.getBytes("body"),
                json.readValue(row.getString("headers"), HEADERS),
                row.getInt("attempts"));
    }

    /** A message to publish; what is null goes out as every message of our own does. */
    record Claimed(
            UUID id,
            @Nullable String type,
            @Nullable String exchange,
            String routingKey,
            @Nullable String messageId,
            @Nullable String contentType,
            byte[] body,
            Map<String, String> headers,
            int attempts) {}

    record Backlog(long unsent, double oldestSeconds) {
        static final Backlog NONE = new Backlog(0, 0);
    }
}
