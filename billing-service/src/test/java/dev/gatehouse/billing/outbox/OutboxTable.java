package dev.gatehouse.billing.outbox;

import dev.gatehouse.billing.outbox.OutboxPublisher.Outcome;
import dev.gatehouse.billing.outbox.OutboxPublisher.Result;
import dev.gatehouse.billing.simulation.Database;
import dev.gatehouse.billing.simulation.Safeguard;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.CorrelationData.Confirm;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The outbox in the simulation's database, behind the same door as the real one, and the real relay over it. */
public final class OutboxTable {

    private final Database database;
    private long nextDue;
    private long nextDueOf = -1;
    private final Database.Table<UUID, Row> table;
    private final Set<Safeguard> removed;
    final OutboxRows rows;

    public OutboxTable(Database database, JsonMapper json, Set<Safeguard> removed) {
        this.database = database;
        this.table = database.new Table<>("outbox");
        this.removed = removed;
        this.rows = new SimulatedRows(json);
    }

    public List<Row> committed() {
        return table.committed();
    }

    /** Where an instance's transactions leave their messages. */
    public Outbox outbox() {
        return new Outbox(rows, new Wakeup());
    }

    /** When a relay will find something, without being woken. */
    public long nextDue() {
        if (nextDueOf != database.changes()) {
            nextDueOf = database.changes();
            nextDue = computeNextDue();
        }
        return nextDue;
    }

    private long computeNextDue() {
        long next = Long.MAX_VALUE;
        for (Row row : table.now()) {
            if (!row.sent() && isOldest(row)) {
                next = Math.min(next, Math.max(row.availableAt(), row.claimedUntil()));
            }
        }
        return next;
    }

    private boolean isOldest(Row row) {
        for (Row other : table.now()) {
            if (!other.sent()
                    && other.message().aggregateVersion() < row.message().aggregateVersion()
                    && other.message().aggregateId().equals(row.message().aggregateId())) {
                return false;
            }
        }
        return true;
    }

    /** The real relay and publisher of an instance. */
    public Relay relay(RabbitTemplate rabbit, MeterRegistry meters, Clock clock) {
        var properties = new OutboxProperties(
                "gatehouse.orders",
                100,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                3,
                7);
        var publisher = new OutboxPublisher(rabbit, properties, meters) {
            @Override
            long nanoTime() {
                return clock.millis() * 1_000_000;
            }

            @Override
            Confirm await(CompletableFuture<Confirm> confirm, long atMostNanos) throws TimeoutException {
                if (!clock.await(confirm::isDone, atMostNanos / 1_000_000)) {
                    throw new TimeoutException();
                }
                return confirm.join();
            }

            @Override
            List<Outcome> publish(List<OutboxRows.Claimed> batch) throws InterruptedException {
                List<Outcome> outcomes = super.publish(batch);
                return removed.contains(Safeguard.PUBLISHER_CONFIRM)
                        ? outcomes.stream()
                                .map(outcome -> new Outcome(outcome.row(), Result.DELIVERED, ""))
                                .toList()
                        : outcomes;
            }
        };
        var relay = new OutboxRelay(rows, publisher, new Wakeup(), properties) {
            @Override
            double spread() {
                return clock.spread().getAsDouble();
            }
        };
        return () -> relay.relay() != OutboxRelay.Round.FAILED;
    }

    /** One batch from claim to mark. */
    public interface Relay {

        /** Whether the broker answered. */
        boolean relay() throws InterruptedException;
    }

    /** The time the relay goes by. */
    public interface Clock {

        long millis();

        /** Whether the condition came true within the time. */
        boolean await(BooleanSupplier condition, long atMostMillis);

        DoubleSupplier spread();
    }

    /** One row; times in milliseconds, 0 for none. */
    public record Row(
            OutboxMessage message,
            Map<String, String> headers,
            long availableAt,
            int attempts,
            long claimedUntil,
            @Nullable UUID claimedBy,
            boolean sent) {

        Row claimed(@Nullable UUID by, long until) {
            return new Row(message, headers, availableAt, attempts, until, by, sent);
        }
    }

    private final class SimulatedRows extends OutboxRows {

        SimulatedRows(JsonMapper json) {
            super(null, json);
        }

        @Override
        void insert(OutboxMessage message, Map<String, String> headers) {
            database.statement("outbox.insert", () -> {
                database.requireTransaction();
                table.insert(message.id(), new Row(message, headers, database.nowMillis(), 0, 0, null, false));
            });
        }

        @Override
        List<Claimed> claim(UUID claim, int atMost, Duration lease) {
            return database.statement("outbox.claim", () -> {
                long now = database.nowMillis();
                Collection<Row> all = table.readAll().values();
                List<UUID> due = all.stream()
                        .filter(row -> !row.sent() && row.availableAt() <= now && row.claimedUntil() <= now)
                        .filter(row -> all.stream()
                                .noneMatch(earlier -> !earlier.sent()
                                        && earlier.message()
                                                .aggregateId()
                                                .equals(row.message().aggregateId())
                                        && earlier.message().aggregateVersion()
                                                < row.message().aggregateVersion()))
                        .sorted(Comparator.comparingLong(Row::availableAt))
                        .map(row -> row.message().id())
                        .filter(id -> !table.isLockedByOther(id))
                        .limit(atMost)
                        .toList();
                return due.stream()
                        .map(id -> table.update(id, row -> true, row -> row.claimed(claim, now + lease.toMillis())))
                        .flatMap(Optional::stream)
                        .map(row -> new Claimed(
                                row.message().id(),
                                row.message().type(),
                                null,
                                row.message().routingKey(),
                                null,
                                null,
                                row.message().payload().getBytes(StandardCharsets.UTF_8),
                                row.headers(),
                                row.attempts()))
                        .toList();
            });
        }

        @Override
        void markSent(Collection<UUID> ids) {
            if (!ids.isEmpty()) {
                database.statement(
                        "outbox.markSent",
                        () -> ids.forEach(id -> table.update(
                                id,
                                row -> !row.sent(),
                                row -> new Row(
                                        row.message(),
                                        row.headers(),
                                        row.availableAt(),
                                        row.attempts(),
                                        0,
                                        row.claimedBy(),
                                        true))));
            }
        }

        @Override
        void postpone(UUID id, UUID claim, Duration pause, String error) {
            database.statement(
                    "outbox.postpone",
                    () -> table.update(
                                    id,
                                    row -> claim.equals(row.claimedBy()) && !row.sent(),
                                    row -> new Row(
                                            row.message(),
                                            row.headers(),
                                            database.nowMillis() + pause.toMillis(),
                                            row.attempts() + 1,
                                            0,
                                            row.claimedBy(),
                                            false))
                            .isPresent());
        }

        @Override
        void release(UUID claim) {
            database.statement(
                    "outbox.release",
                    () -> List.copyOf(table.readAll().keySet())
                            .forEach(id -> table.update(
                                    id,
                                    row -> claim.equals(row.claimedBy()) && row.claimedUntil() != 0 && !row.sent(),
                                    row -> row.claimed(claim, 0))));
        }
    }
}
