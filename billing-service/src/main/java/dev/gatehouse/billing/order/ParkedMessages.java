package dev.gatehouse.billing.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.gatehouse.billing.order.ParkedMessage.State;
import dev.gatehouse.billing.order.ParkedWork.Parked;
import dev.gatehouse.billing.outbox.Outbox;
import dev.gatehouse.billing.outbox.ReceivedMessage;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Messages that nobody can read or act on: kept whole, with the reason, so that they can be acknowledged. */
@Repository
public class ParkedMessages {

    private static final Logger log = LoggerFactory.getLogger(ParkedMessages.class);
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private static final String COLUMNS = "id, queue, exchange, routing_key, message_id, type, content_type, headers,"
            + " octet_length(body) AS size, reason, error, parked_at, state, decided_at, ";

    private static final String MATCHING = """
             FROM parked_messages
            WHERE (:state::text IS NULL OR state = :state)
              AND (:reason::text IS NULL OR reason = :reason)
              AND (:after::timestamptz IS NULL OR parked_at >= :after)
              AND (:before::timestamptz IS NULL OR parked_at < :before)
            """;

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final JsonMapper json;
    private final MeterRegistry meters;

    ParkedMessages(JdbcClient jdbc, Outbox outbox, JsonMapper json, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.json = json;
        this.meters = meters;
    }

    /** @param reason stable word: malformed, unknown-type, unknown-schema, too-large, unknown-order */
    public void park(Letter letter, String reason, String error) {
        jdbc.sql("""
                        INSERT INTO parked_messages (id, queue, exchange, routing_key, message_id, type, content_type,
                                                     headers, body, reason, error)
                        VALUES (:id, :queue, :exchange, :routingKey, :messageId, :type, :contentType,
                                :headers::jsonb, :body, :reason, :error)""")
                .param("id", ids.generate())
                .param("queue", letter.queue())
                .param("exchange", letter.exchange())
                .param("routingKey", letter.routingKey())
                .param("messageId", letter.messageId())
                .param("type", letter.type())
                .param("contentType", letter.contentType())
                .param("headers", json.writeValueAsString(letter.headers()))
                .param("body", letter.body())
                .param("reason", reason)
                .param("error", error)
                .update();
        meters.counter("orders.messages.parked", "reason", reason).increment();
        log.warn("A message was parked, {}: {}", reason, error);
    }

    /**
     * Parked messages, the longest parked first.
     *
     * @param after only those after this one in that order, null for the first
     */
    public List<ParkedMessage> page(Filter filter, @Nullable Position after, int atMost) {
        return filter.bind(jdbc.sql("SELECT " + COLUMNS + "''::bytea AS body" + MATCHING + """
                          AND (:afterTime::timestamptz IS NULL OR (parked_at, id) > (:afterTime, :afterId))
                        ORDER BY parked_at, id
                        LIMIT :atMost"""))
                .param("afterTime", after == null ? null : utc(after.parkedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("afterId", after == null ? null : after.id(), Types.OTHER)
                .param("atMost", atMost)
                .query(this::row)
                .list();
    }

    /** @throws ParkedMessageNotFound when there is no such message */
    public ParkedMessage find(UUID id) {
        return find(id, "");
    }

    /** How many match. */
    public long count(Filter filter) {
        return filter.bind(jdbc.sql("SELECT count(*)" + MATCHING))
                .query(Long.class)
                .single();
    }

    /**
     * Sends the message once more, through the outbox, in the caller's transaction; it stays here, marked.
     *
     * @throws ParkedMessageNotFound when there is no such message
     * @throws ParkedMessageDecided when it was replayed or discarded before
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void replay(UUID id) {
        send(requireParked(id));
    }

    /**
     * Sends the matching messages that wait once more, the longest parked first, in the caller's transaction.
     *
     * @return which
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<UUID> replay(Filter filter, int atMost) {
        List<UUID> found = filter.in(State.PARKED)
                .bind(jdbc.sql("SELECT id" + MATCHING + """
                        ORDER BY parked_at, id
                        LIMIT :atMost
                        FOR UPDATE SKIP LOCKED"""))
                .param("atMost", atMost)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
        // One by one: together they may be larger than the heap.
        found.forEach(id -> send(find(id)));
        return found;
    }

    /**
     * Decides, in the caller's transaction, that the message is not to be sent again.
     *
     * @throws ParkedMessageNotFound when there is no such message
     * @throws ParkedMessageDecided when it was replayed or discarded before
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void discard(UUID id) {
        requireParked(id);
        decide(id, State.DISCARDED);
    }

    /**
     * Empties, in the caller's transaction, the messages in which the text occurs.
     *
     * @return how many
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int erase(String text) {
        return jdbc.sql("""
                        UPDATE parked_messages
                        SET body = '', headers = '{}', message_id = NULL, routing_key = NULL, type = NULL, error = NULL,
                            state = 'ERASED', decided_at = now()
                        WHERE position(convert_to(:text, 'UTF8') IN body) > 0
                           OR position(:text IN concat_ws(' ', headers::text, message_id, routing_key, type, error)) > 0""").param("text", text).update();
    }

    private ParkedMessage requireParked(UUID id) {
        ParkedMessage message = find(id, " FOR UPDATE");
        if (message.state() != State.PARKED) {
            throw new ParkedMessageDecided(id, message.state());
        }
        return message;
    }

    private ParkedMessage find(UUID id, String lock) {
        Optional<ParkedMessage> found = jdbc.sql(
                        "SELECT " + COLUMNS + "body FROM parked_messages WHERE id = :id" + lock)
                .param("id", id)
                .query(this::row)
                .optional();
        return found.orElseThrow(() -> new ParkedMessageNotFound(id));
    }

    private void send(ParkedMessage message) {
        outbox.add(new ReceivedMessage(
                ids.generate(),
                message.exchange(),
                Objects.requireNonNullElse(message.routingKey(), message.queue()),
                message.messageId(),
                message.type(),
                message.contentType(),
                message.headers(),
                message.body()));
        decide(message.id(), State.REPLAYED);
    }

    private void decide(UUID id, State state) {
        jdbc.sql("UPDATE parked_messages SET state = :state, decided_at = now() WHERE id = :id")
                .param("state", state.name())
                .param("id", id)
                .update();
    }

    Parked parked() {
        return jdbc.sql("""
                        SELECT count(*), coalesce(floor(extract(epoch FROM now() - min(parked_at))), 0)::bigint
                        FROM parked_messages WHERE state = 'PARKED'""")
                .query((row, number) -> new Parked(row.getLong(1), row.getLong(2)))
                .single();
    }

    private ParkedMessage row(ResultSet row, int number) throws SQLException {
        OffsetDateTime decidedAt = row.getObject("decided_at", OffsetDateTime.class);
        return new ParkedMessage(
                row.getObject("id", UUID.class),
                row.getString("queue"),
                row.getString("exchange"),
                row.getString("routing_key"),
                row.getString("message_id"),
                row.getString("type"),
                row.getString("content_type"),
                json.readValue(row.getString("headers"), HEADERS),
                row.getLong("size"),
                row.getBytes("body"),
                row.getString("reason"),
                row.getString("error"),
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                State.valueOf(row.getString("state")),
                decidedAt == null ? null : decidedAt.toInstant());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** A message as it came. */
    public record Letter(
            String queue,
            @Nullable String exchange,
            @Nullable String routingKey,
            @Nullable String messageId,
            @Nullable String type,
            @Nullable String contentType,
            Map<String, String> headers,
            byte[] body) {}

    /** A parked message's place in the list. */
    public record Position(Instant parkedAt, UUID id) {}

    /**
     * Which parked messages; null asks for nothing.
     *
     * @param reason the word it was parked with
     * @param after parked at this moment or later
     * @param before parked earlier than this
     */
    public record Filter(
            @Nullable State state,
            @Nullable String reason,
            @Nullable Instant after,
            @Nullable Instant before) {

        Filter in(State one) {
            return new Filter(one, reason, after, before);
        }

        StatementSpec bind(StatementSpec query) {
            return query.param("state", state == null ? null : state.name(), Types.VARCHAR)
                    .param("reason", reason, Types.VARCHAR)
                    .param("after", after == null ? null : utc(after), Types.TIMESTAMP_WITH_TIMEZONE)
                    .param("before", before == null ? null : utc(before), Types.TIMESTAMP_WITH_TIMEZONE);
        }
    }
}
