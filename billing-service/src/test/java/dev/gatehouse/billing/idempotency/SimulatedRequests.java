package dev.gatehouse.billing.idempotency;

import dev.gatehouse.billing.simulation.Database;
import dev.gatehouse.billing.simulation.Safeguard;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.support.TransactionTemplate;

/** The real order of events around a key, over the simulation's database. */
public final class SimulatedRequests extends IdempotentRequests {

    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private final Database database;
    private final Database.Table<Key, Row> rows;
    private final boolean checking;

    public SimulatedRequests(
            Database database, Database.Table<Key, Row> rows, TransactionTemplate transaction, Set<Safeguard> removed) {
        super(null, transaction, null, new IdempotencyProperties(RETENTION, LOCK_TIMEOUT));
        this.database = database;
        this.rows = rows;
        this.checking = !removed.contains(Safeguard.IDEMPOTENCY_KEY);
    }

    private static Key key(IdempotentRequest request) {
        return new Key(request.subject(), request.route(), request.key().value());
    }

    @Override
    public Optional<Answer> replay(IdempotentRequest request) {
        return database.statement(
                "keys.replay",
                () -> rows.read(key(request))
                        .filter(row -> row.expiresAt > database.nowMillis())
                        .map(row -> {
                            if (!row.fingerprint.equals(request.fingerprint())) {
                                throw new IdempotencyKeyReused();
                            }
                            Answer answer = Objects.requireNonNull(row.answer);
                            return new Answer(answer.status(), answer.headers(), answer.body(), true);
                        }));
    }

    @Override
    public void remember(IdempotentRequest request, Answer answer) {
        database.statement(
                "keys.remember",
                () -> rows.update(
                                key(request),
                                row -> row.fingerprint.equals(request.fingerprint()),
                                row -> new Row(row.fingerprint, answer, row.expiresAt))
                        .isPresent());
    }

    @Override
    boolean reserve(IdempotentRequest request) {
        try {
            return database.statement("keys.reserve", () -> {
                var fresh = new Row(request.fingerprint(), null, database.nowMillis() + RETENTION.toMillis());
                return rows.insert(key(request), fresh, LOCK_TIMEOUT.toMillis())
                        || rows.update(key(request), row -> row.expiresAt <= database.nowMillis(), row -> fresh)
                                .isPresent()
                        || !checking;
            });
        } catch (QueryTimeoutException locked) {
            throw new IdempotencyKeyInUse();
        }
    }

    /** The table's key. */
    public record Key(String subject, String route, String key) {}

    /** A row of the table. */
    public record Row(String fingerprint, @Nullable Answer answer, long expiresAt) {}
}
