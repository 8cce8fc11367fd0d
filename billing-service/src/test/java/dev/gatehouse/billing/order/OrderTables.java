package dev.gatehouse.billing.order;

import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.simulation.Database;
import dev.gatehouse.billing.simulation.Safeguard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The tables of orders in the simulation's database, behind the same doors as the real ones. */
public final class OrderTables {

    private final Database.Table<UUID, Order> orderRows;
    private final Database.Table<UUID, StepRow> stepRows;
    private final Database database;
    private long nextDue;
    private long nextDueOf = -1;
    private final Witness witness;
    final Orders orders;
    final OrderSteps steps;

    public OrderTables(Database database, OrderProperties properties, Set<Safeguard> removed, Witness witness) {
        this.witness = witness;
        this.database = database;
        this.orderRows = database.new Table<>("orders");
        this.stepRows = database.new Table<>("order_steps");
        this.orders = new SimulatedOrders(removed);
        this.steps = new SimulatedSteps(properties, removed);
    }

    public Iterable<Order> committedOrders() {
        return orderRows.now();
    }

    public List<StepRow> committedSteps() {
        return stepRows.committed();
    }

    /** Who sees what is done to orders, and decides whether it may be. */
    public interface Witness {

        /** The caller is about to begin the step of that version; what is returned runs when it has. */
        Runnable claims(UUID orderId, int version);

        /** The caller ends it. */
        void moved(UUID orderId, int version);
    }

    /** When the poller will find something: nothing else wakes it. */
    public long nextDue() {
        if (nextDueOf != database.changes()) {
            nextDueOf = database.changes();
            nextDue = computeNextDue();
        }
        return nextDue;
    }

    private long computeNextDue() {
        long next = Long.MAX_VALUE;
        for (StepRow row : stepRows.now()) {
            if (!row.parked()) {
                next = Math.min(next, Math.max(row.dueAt(), row.leaseUntil()));
            }
        }
        return next;
    }

    /** What an operator does about steps that were put aside; how many there were. */
    public int replayParked() {
        List<StepRow> parked = committedSteps().stream().filter(StepRow::parked).toList();
        parked.forEach(row -> stepRows.update(
                row.orderId(),
                StepRow::parked,
                old -> old.withParked(null).withDueAt(database.nowMillis()).withAttempts(0)));
        return parked.size();
    }

    /**
     * One row of order_steps; times in milliseconds, 0 for none.
     *
     * @param leaseToken who works on it, or did last
     */
    public record StepRow(
            UUID orderId,
            int version,
            int attempts,
            long startedAt,
            long dueAt,
            @Nullable UUID leaseToken,
            long leaseUntil,
            @Nullable String parkedReason) {

        public boolean parked() {
            return parkedReason != null;
        }

        StepRow withParked(@Nullable String reason) {
            return new StepRow(orderId, version, attempts, startedAt, dueAt, leaseToken, leaseUntil, reason);
        }

        StepRow withDueAt(long at) {
            return new StepRow(orderId, version, attempts, startedAt, at, leaseToken, leaseUntil, parkedReason);
        }

        StepRow withAttempts(int count) {
            return new StepRow(orderId, version, count, startedAt, dueAt, leaseToken, leaseUntil, parkedReason);
        }

        StepRow leased(@Nullable UUID token, long until) {
            return new StepRow(orderId, version, attempts, startedAt, dueAt, token, until, parkedReason);
        }
    }

    private final class SimulatedOrders extends Orders {

        private final boolean guarded;

        SimulatedOrders(Set<Safeguard> removed) {
            super(null);
            this.guarded = !removed.contains(Safeguard.ORDER_VERSION);
        }

        @Override
        void insert(UUID id, String customer, List<OrderLine> lines, Money total, String paymentMethod) {
            database.statement("orders.insert", () -> {
                database.requireTransaction();
                var placed = new Transition(1, OrderState.PLACED, null, database.now());
                boolean inserted = orderRows.insert(
                        id,
                        new Order(
                                id,
                                customer,
                                OrderState.PLACED,
                                1,
                                lines,
                                total,
                                paymentMethod,
                                null,
                                database.now(),
                                database.now(),
                                List.of(placed)));
                if (!inserted) {
                    throw new IllegalStateException("Two orders have one id");
                }
            });
        }

        @Override
        void move(Order order, OrderState next, @Nullable String reason) {
            order.requireNext(next);
            Optional<Order> moved = database.statement("orders.move", () -> {
                database.requireTransaction();
                return orderRows.update(
                        order.id(),
                        row -> !guarded || row.version() == order.version(),
                        row -> moved(row, next, reason));
            });
            if (moved.isEmpty()) {
                throw new LateWriter(order.id());
            }
            witness.moved(order.id(), order.version());
        }

        private Order moved(Order row, OrderState next, @Nullable String reason) {
            List<Transition> history = new ArrayList<>(row.history());
            history.add(new Transition(row.version() + 1, next, reason, database.now()));
            return new Order(
                    row.id(),
                    row.customer(),
                    next,
                    row.version() + 1,
                    row.lines(),
                    row.total(),
                    row.paymentMethod(),
                    reason,
                    row.placedAt(),
                    database.now(),
                    history);
        }

        @Override
        Optional<Order> find(UUID id) {
            return database.statement("orders.find", () -> orderRows.read(id));
        }

        @Override
        Optional<Integer> version(UUID id) {
            return find(id).map(Order::version);
        }
    }

    private final class SimulatedSteps extends OrderSteps {

        private final OrderProperties properties;
        private final boolean fenced;

        SimulatedSteps(OrderProperties properties, Set<Safeguard> removed) {
            super(null, properties);
            this.properties = properties;
            this.fenced = !removed.contains(Safeguard.LEASE_TOKEN);
        }

        private long after(Duration time) {
            return database.nowMillis() + time.toMillis();
        }

        private boolean free(StepRow row) {
            return row.leaseUntil() <= database.nowMillis();
        }

        private void change(String point, UUID orderId, @Nullable UUID token, UnaryOperator<StepRow> set) {
            database.statement(
                    point,
                    () -> stepRows.update(orderId, row -> token == null || token.equals(row.leaseToken()), set)
                            .isPresent());
        }

        @Override
        void add(UUID orderId) {
            database.statement("steps.add", () -> {
                database.requireTransaction();
                stepRows.insert(orderId, new StepRow(orderId, 1, 0, 0, after(properties.patience()), null, 0, null));
            });
        }

        @Override
        Optional<Integer> claim(UUID orderId, int version, UUID token) {
            Runnable claimed = witness.claims(orderId, version);
            return database.statement(
                    "steps.claim",
                    () -> stepRows.update(
                                    orderId,
                                    row -> row.version() == version
                                            && !row.parked()
                                            && free(row)
                                            && (row.attempts() == 0 || row.dueAt() <= database.nowMillis()),
                                    row -> new StepRow(
                                            orderId,
                                            version,
                                            row.attempts(),
                                            row.startedAt() == 0 ? database.nowMillis() : row.startedAt(),
                                            after(properties.lease()),
                                            token,
                                            after(properties.lease()),
                                            null))
                            .map(row -> {
                                database.whenCommitted(claimed);
                                return row.attempts();
                            }));
        }

        @Override
        void renew(Collection<UUID> tokens) {
            database.statement(
                    "steps.renew",
                    () -> List.copyOf(stepRows.readAll().keySet())
                            .forEach(id -> stepRows.update(
                                    id,
                                    row -> row.leaseToken() != null
                                            && tokens.contains(row.leaseToken())
                                            && row.leaseUntil() > database.nowMillis(),
                                    row -> row.leased(row.leaseToken(), after(properties.lease()))
                                            .withDueAt(after(properties.lease())))));
        }

        @Override
        void hold(UUID orderId, UUID token) {
            boolean ours = database.statement(
                    "steps.hold",
                    () -> stepRows.forUpdate(orderId, row -> !fenced || token.equals(row.leaseToken()))
                            .isPresent());
            if (!ours && fenced) {
                throw new LateWriter(orderId);
            }
        }

        @Override
        void advance(UUID orderId, int version) {
            change(
                    "steps.advance",
                    orderId,
                    null,
                    row -> new StepRow(orderId, version, 0, 0, after(properties.patience()), null, 0, null));
        }

        @Override
        void remove(UUID orderId) {
            database.statement("steps.remove", () -> stepRows.delete(orderId));
        }

        @Override
        void replace(UUID orderId, int version) {
            change(
                    "steps.replace",
                    orderId,
                    null,
                    row -> new StepRow(
                            orderId,
                            version,
                            0,
                            0,
                            row.leaseUntil() > database.nowMillis() ? row.leaseUntil() : after(properties.patience()),
                            row.leaseToken(),
                            row.leaseUntil(),
                            null));
        }

        @Override
        boolean hasStarted(UUID orderId) {
            return database.statement(
                    "steps.hasStarted",
                    () -> stepRows.forUpdate(orderId, row -> true)
                            .map(row -> row.startedAt() != 0)
                            .orElse(false));
        }

        @Override
        void retry(UUID orderId, UUID token, Duration pause, String error) {
            change(
                    "steps.retry",
                    orderId,
                    token,
                    row -> row.leased(token, 0).withAttempts(row.attempts() + 1).withDueAt(after(pause)));
        }

        @Override
        void park(UUID orderId, UUID token, String reason) {
            change(
                    "steps.park",
                    orderId,
                    token,
                    row -> row.leased(token, 0).withAttempts(row.attempts() + 1).withParked(reason));
        }

        @Override
        void letGo(UUID orderId, UUID token) {
            change("steps.letGo", orderId, token, row -> row.leased(token, 0).withDueAt(database.nowMillis()));
        }

        @Override
        boolean makeDue(UUID orderId) {
            return database.statement(
                    "steps.makeDue",
                    () -> stepRows.update(
                                    orderId,
                                    row -> !row.parked() && free(row),
                                    row -> row.withDueAt(Math.min(row.dueAt(), database.nowMillis())))
                            .isPresent());
        }

        @Override
        List<Due> due(int atMost) {
            return database.statement(
                    "steps.due",
                    () -> stepRows.readAll().values().stream()
                            .filter(row -> !row.parked() && row.dueAt() <= database.nowMillis() && free(row))
                            .sorted(Comparator.comparingLong(StepRow::dueAt))
                            .limit(atMost)
                            .map(row -> new Due(row.orderId(), row.version()))
                            .toList());
        }
    }
}
