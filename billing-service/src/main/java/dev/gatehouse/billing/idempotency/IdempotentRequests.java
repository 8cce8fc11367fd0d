package dev.gatehouse.billing.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries a request out once, in the same transaction that remembers its answer: after a crash there is both or
 * neither. Kept in PostgreSQL, so neither a
 * restart nor the loss of the cache forgets a key.
 */
@Service
public class IdempotentRequests {

    private static final Logger log = LoggerFactory.getLogger(IdempotentRequests.class);
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};
    /** PostgreSQL's lock_not_available, which Spring translates to nothing more telling. */
    private static final String LOCK_TIMEOUT = "55P03";

    private static final int SWEEP_BATCH = 1000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final IdempotencyProperties properties;

    IdempotentRequests(
            JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json, IdempotencyProperties properties) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
        this.properties = properties;
    }

    /**
     * The answer of the first request with this key, if it has ended.
     *
     * @throws IdempotencyKeyReused when the first had other content
     */
    public Optional<Answer> replay(IdempotentRequest request) {
        return jdbc.sql("""
                        SELECT fingerprint, status, headers, body FROM idempotency_keys
                        WHERE subject = :subject AND route = :route AND key = :key AND expires_at > now()""")
                .param("subject", request.subject())
                .param("route", request.route())
                .param("key", request.key().value())
                .query(this::remembered)
                .optional()
                .map(remembered -> remembered.answerTo(request));
    }

    /**
     * Runs the action and remembers its answer, in one transaction; or answers as the first time. What the action
     * throws is thrown, and nothing is remembered.
     *
     * @throws IdempotencyKeyReused when the first request had other content
     * @throws IdempotencyKeyInUse when the first has not ended within the lock timeout
     */
    public Answer once(IdempotentRequest request, Supplier<Answer> action) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (!reserve(request)) {
                return replay(request).orElseThrow(IdempotencyKeyInUse::new);
            }
            Answer answer = action.get();
            remember(request, answer);
            return answer;
        }));
    }

    /** Replaces the remembered answer by the one that was in fact sent. */
    public void remember(IdempotentRequest request, Answer answer) {
        jdbc.sql("""
                        UPDATE idempotency_keys SET status = :status, headers = :headers::jsonb, body = :body
                        WHERE subject = :subject AND route = :route AND key = :key AND fingerprint = :fingerprint""")
                .param("status", answer.status())
                .param("headers", json.writeValueAsString(answer.headers()))
                .param("body", answer.body())
                .param("subject", request.subject())
                .param("route", request.route())
                .param("key", request.key().value())
                .param("fingerprint", request.fingerprint())
                .update();
    }

    /** The keys that are remembered for the caller, oldest first. */
    public List<RememberedKey> keysOf(String subject) {
        return jdbc.sql("SELECT route, key, created_at, expires_at FROM idempotency_keys WHERE subject = :subject"
                        + " ORDER BY created_at, route, key")
                .param("subject", subject)
                .query((row, number) -> new RememberedKey(
                        row.getString("route"),
                        row.getString("key"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * Forgets every key and answer of the caller, in the caller's transaction.
     *
     * @return how many
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public int forget(String subject) {
        return jdbc.sql("DELETE FROM idempotency_keys WHERE subject = :subject")
                .param("subject", subject)
                .update();
    }

    /** Whether the key is ours; waits for the end of a transaction that has it. */
    boolean reserve(IdempotentRequest request) {
        try {
            jdbc.sql("SELECT set_config('lock_timeout', :timeout, true)")
                    .param("timeout", properties.lockTimeout().toMillis() + "ms")
                    .query(String.class)
                    .single();
            return jdbc.sql("""
                            INSERT INTO idempotency_keys (subject, route, key, fingerprint, expires_at)
                            VALUES (:subject, :route, :key, :fingerprint, now() + :retention * interval '1 millisecond')
                            ON CONFLICT (subject, route, key) DO UPDATE
                            SET fingerprint = excluded.fingerprint, status = NULL, headers = NULL, body = NULL,
                                created_at = now(), expires_at = excluded.expires_at
                            WHERE idempotency_keys.expires_at <= now()""")
                            .param("subject", request.subject())
                            .param("route", request.route())
                            .param("key", request.key().value())
                            .param("fingerprint", request.fingerprint())
                            .param("retention", properties.retention().toMillis())
                            .update()
                    == 1;
        } catch (DataAccessException failed) {
            if (failed.getMostSpecificCause() instanceof SQLException sql && LOCK_TIMEOUT.equals(sql.getSQLState())) {
                throw new IdempotencyKeyInUse();
            }
            throw failed;
        }
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT10M")
    void sweep() {
        try {
            int swept;
            do {
                swept = jdbc.sql("""
                                DELETE FROM idempotency_keys WHERE (subject, route, key) IN (
                                    SELECT subject, route, key FROM idempotency_keys WHERE expires_at <= now()
                                    LIMIT :batch FOR UPDATE SKIP LOCKED)""").param("batch", SWEEP_BATCH).update();
            } while (swept == SWEEP_BATCH);
        } catch (DataAccessException away) {
            log.warn("Expired idempotency keys stay until the next sweep: {}", away.toString());
        }
    }

    private Remembered remembered(ResultSet row, int number) throws SQLException {
        String headers = row.getString("headers");
        return new Remembered(
                row.getString("fingerprint"),
                row.getInt("status"),
                headers == null ? Map.of() : json.readValue(headers, HEADERS),
                row.getString("body"));
    }

    private record Remembered(
            String fingerprint,
            int status,
            Map<String, String> headers,
            @Nullable String body) {

        Answer answerTo(IdempotentRequest request) {
            if (!fingerprint.equals(request.fingerprint())) {
                throw new IdempotencyKeyReused();
            }
            return new Answer(status, headers, Objects.requireNonNullElse(body, ""), true);
        }
    }
}
