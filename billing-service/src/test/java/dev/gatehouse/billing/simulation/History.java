package dev.gatehouse.billing.simulation;

import dev.gatehouse.billing.idempotency.Answer;
import dev.gatehouse.billing.idempotency.IdempotencyKey;
import dev.gatehouse.billing.idempotency.IdempotencyKeyInUse;
import dev.gatehouse.billing.idempotency.IdempotentRequest;
import dev.gatehouse.billing.idempotency.SimulatedRequests;
import dev.gatehouse.billing.inventory.SimulatedInventory;
import dev.gatehouse.billing.ledger.SimulatedLedger;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.OrderHandling;
import dev.gatehouse.billing.order.OrderLine;
import dev.gatehouse.billing.order.OrderNotCancellable;
import dev.gatehouse.billing.order.OrderProperties;
import dev.gatehouse.billing.order.OrderTables;
import dev.gatehouse.billing.order.ParkedTable;
import dev.gatehouse.billing.order.messaging.SimulatedListener;
import dev.gatehouse.billing.outbox.OutboxTable;
import dev.gatehouse.billing.payment.PaymentTables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A few orders from their customers to their ends: two instances of the real classes, everything that can go wrong for a
 * while, then a calm in which all must come right.
 */
final class History {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final MeterRegistry METERS = new CompositeMeterRegistry();
    private static final int ROUGH_STEPS = 3_000;
    private static final int CALM_STEPS = 100_000;
    private static final long ROUGH_MILLIS = Duration.ofHours(3).toMillis();
    private static final long CALM_MILLIS = Duration.ofHours(72).toMillis();
    private static final long KEYS_ARE_FORGOTTEN_MILLIS = Duration.ofHours(25).toMillis();
    private static final int REPLAYS = 8;

    private final Set<Safeguard> removed;
    private final Simulation simulation;
    private final Database database;
    private final TransactionTemplate transaction;
    private final OrderProperties properties;
    private final Promises promises;
    private final OrderTables orders;
    private final OutboxTable outbox;
    private final PaymentTables payments;
    private final SimulatedLedger ledger;
    private final ParkedTable parked;
    private final Database.Table<SimulatedRequests.Key, SimulatedRequests.Row> keys;
    private final InventoryModel inventory;
    private final ProviderModel provider;
    private final Broker broker;
    private final Map<Instance, Running> instances = new LinkedHashMap<>();
    private final List<UUID> films = new ArrayList<>();
    private int started;

    private History(long seed, Set<Safeguard> removed, Set<Integer> withoutFaults, boolean recording) {
        this.removed = removed;
        this.simulation = new Simulation(seed, withoutFaults, recording);
        Chance chance = simulation.chance();
        this.database = new Database(simulation);
        this.transaction = new TransactionTemplate(new SimulatedTransactions(database));
        this.properties = new OrderProperties(
                Duration.ofSeconds(8),
                Duration.ofSeconds(30),
                chance.happens(0.5) ? 20 : 2 + chance.below(4),
                Duration.ofMillis(500),
                Duration.ofMinutes(5),
                4,
                6,
                Duration.ofSeconds(1),
                200,
                200);
        this.promises = new Promises(simulation);
        this.orders = new OrderTables(database, properties, removed, promises);
        this.outbox = new OutboxTable(database, JSON, removed);
        this.payments = new PaymentTables(database, removed);
        this.ledger = new SimulatedLedger(database);
        this.parked = new ParkedTable(database);
        this.keys = database.new Table<>("idempotency_keys");
        this.inventory = new InventoryModel(
                simulation, chance.happens(0.5) ? Duration.ofMinutes(30) : Duration.ofSeconds(chance.between(60, 120)));
        this.provider = new ProviderModel(simulation, removed);
        this.broker = new Broker(simulation);
        promises.watch(orders, outbox, ledger, parked, inventory, provider, broker);
        database.onCommit(promises::always);
        simulation.onCrash(this::restart);
    }

    /** Plays the history of that seed. */
    static Outcome play(long seed, Set<Safeguard> removed, Set<Integer> withoutFaults, boolean recording) {
        var history = new History(seed, removed, withoutFaults, recording);
        Throwable broken = null;
        try {
            history.play();
        } catch (RuntimeException | Violation failure) {
            broken = failure;
        }
        Outcome outcome = history.outcome(seed, broken);
        history.simulation.end();
        return outcome;
    }

    private Outcome outcome(long seed, @Nullable Throwable broken) {
        return new Outcome(
                seed,
                simulation.hash(),
                simulation.steps(),
                broken,
                Map.copyOf(simulation.injected()),
                simulation.faultCount(),
                simulation.passed(),
                simulation.killed(),
                promises.ends(),
                simulation.trace());
    }

    private void play() {
        Chance chance = simulation.chance();
        for (int film = 0; film <= chance.below(2); film++) {
            UUID id = new UUID(0, film);
            films.add(id);
            inventory.stock(id, price(film), chance.happens(0.2) ? 0 : 1 + chance.below(4));
        }
        start();
        start();
        int customers = 1 + chance.below(3);
        for (int number = 1; number <= customers; number++) {
            String customer = "customer-" + number;
            simulation.spawn(customer, null, () -> buy(customer));
        }
        if (chance.happens(0.3)) {
            simulation.spawn("operator", null, () -> {
                simulation.sleep(chance.between(1_000, 600_000));
                replayParked();
            });
        }
        simulation.run(ROUGH_STEPS, ROUGH_MILLIS);
        simulation.heal();
        for (int replay = 0; replay < REPLAYS; replay++) {
            if (!simulation.run(CALM_STEPS, CALM_MILLIS)) {
                throw new Violation("I1", "in a calm, order handling does not come to rest");
            }
            if (!replayParked()) {
                break;
            }
            if (replay > 0) {
                simulation.advance(KEYS_ARE_FORGOTTEN_MILLIS);
            }
        }
        promises.atTheEnd();
    }

    private Money price(int film) {
        return new Money(simulation.chance().happens(0.1) ? 0 : 1000 + film, "EUR");
    }

    /** What the operator does; whether there was anything to do. */
    private boolean replayParked() {
        boolean[] any = new boolean[1];
        try {
            database.directly(() -> any[0] = orders.replayParked() > 0);
        } catch (CannotAcquireLockException busy) {
            // An operator looks again later.
            return true;
        }
        if (any[0]) {
            simulation.note("operator", "replays what is parked");
        }
        return any[0];
    }

    // ---- instances

    private void start() {
        Instance instance = new Instance("billing-" + ++started);
        var running = new Running(instance);
        instances.put(instance, running);
        simulation.note("STARTED", instance.name);
        for (int consumer = 1; consumer <= 2; consumer++) {
            simulation.spawn(
                    instance.name + " consumer " + consumer,
                    instance,
                    () -> broker.consume(instance, running.listener));
        }
        simulation.spawn(instance.name + " relay", instance, running::relay);
        simulation.spawn(instance.name + " poller", instance, running::poll);
        simulation.spawn(instance.name + " leases", instance, running::renew);
    }

    private void restart() {
        List<Instance> dead =
                instances.keySet().stream().filter(instance -> !instance.alive).toList();
        dead.forEach(instance -> {
            instances.remove(instance);
            simulation.after(simulation.chance().between(500, 20_000), this::start);
        });
    }

    /** One instance: the real classes, wired as Spring does. */
    private final class Running {

        private final Instance instance;
        private final OrderHandling handling;
        private final SimulatedListener listener;
        private final OutboxTable.Relay relay;
        private final SimulatedRequests requests;
        private int threads;

        Running(Instance instance) {
            this.instance = instance;
            this.handling = new OrderHandling(
                    orders,
                    new SimulatedInventory(inventory),
                    payments.service(provider, ledger),
                    outbox.outbox(),
                    properties,
                    transaction,
                    JSON,
                    METERS,
                    simulation::spread,
                    this::begin);
            this.listener = new SimulatedListener(handling.worker(), parked, JSON);
            this.relay = outbox.relay(broker.connection(), METERS, new OutboxTable.Clock() {
                @Override
                public long millis() {
                    return simulation.now();
                }

                @Override
                public boolean await(BooleanSupplier condition, long atMostMillis) {
                    simulation.point("before confirm");
                    long until = simulation.now() + atMostMillis;
                    boolean came = simulation.waitFor(condition, () -> until);
                    simulation.point("after confirm");
                    return came;
                }

                @Override
                public DoubleSupplier spread() {
                    return simulation::spread;
                }
            });
            this.requests = new SimulatedRequests(database, keys, transaction, removed);
        }

        private void begin(Runnable work) {
            simulation.spawn(instance.name + " redrive " + ++threads, instance, () -> {
                instance.busy++;
                try {
                    work.run();
                } finally {
                    instance.busy--;
                }
            });
        }

        private void relay() {
            int failures = 0;
            while (true) {
                long last = simulation.now();
                int pause = failures == 0 ? 20 : 250 << Math.min(failures, 3);
                simulation.waitFor(Actor.NEVER, () -> Math.max(last + pause, outbox.nextDue()));
                try {
                    failures = relay.relay() ? 0 : failures + 1;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                } catch (RuntimeException away) {
                    failures++;
                }
            }
        }

        private void poll() {
            while (true) {
                long last = simulation.now();
                simulation.waitFor(Actor.NEVER, () -> Math.max(last + 250, orders.nextDue()));
                try {
                    handling.drive();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private void renew() {
            while (true) {
                long last = simulation.now();
                simulation.waitFor(Actor.NEVER, () -> instance.busy == 0 ? Long.MAX_VALUE : last + 2_000);
                handling.renewLeases();
            }
        }
    }

    // ---- customers

    private void buy(String customer) {
        Chance chance = simulation.chance();
        simulation.sleep(chance.between(0, 4_000));
        List<OrderLine> lines = films.stream()
                .filter(film -> film.equals(films.getFirst()) || chance.happens(0.5))
                .map(film -> new OrderLine(film, 1 + chance.below(2), inventory.price(film)))
                .toList();
        var request = IdempotentRequest.of(
                customer, "POST /api/orders", new IdempotencyKey("key-of-" + customer), String.valueOf(lines));
        promises.asked(customer);
        Answer accepted = untilAnswered(
                customer + " order",
                running -> running.requests.once(
                        request,
                        () -> new Answer(
                                202,
                                Map.of(),
                                running.handling
                                        .place(customer, lines, "pm_card_visa")
                                        .id()
                                        .toString())));
        UUID id = UUID.fromString(Objects.requireNonNull(accepted).body());
        promises.accepted(customer, id);
        if (chance.happens(0.2)) {
            // The provider has news of the payment: a hint, as its webhooks are.
            simulation.spawn(customer + " news", null, () -> {
                simulation.sleep(chance.between(0, 10_000));
                ask(customer + " news", running -> running.handling.makeDue(id));
            });
        }
        if (chance.happens(0.35)) {
            simulation.sleep(chance.happens(0.5) ? chance.between(0, 1_500) : chance.between(0, 60_000));
            Boolean cancelled = untilAnswered(customer + " cancellation", running -> {
                try {
                    running.handling.cancel(id, customer);
                    return true;
                } catch (OrderNotCancellable no) {
                    return false;
                }
            });
            if (Boolean.TRUE.equals(cancelled)) {
                promises.cancelled(id);
            }
        }
    }

    /** Asks one instance after the other, sometimes two at once, until one has answered. */
    private <T> T untilAnswered(String name, Function<Running, T> request) {
        for (int attempt = 0; ; attempt++) {
            List<Reply<T>> replies = new ArrayList<>();
            replies.add(ask(name, request));
            if (simulation.happens(Fault.REQUEST_REPEATED)) {
                replies.add(ask(name + " again", request));
            }
            long until = simulation.now() + 3_000;
            simulation.waitFor(() -> replies.stream().anyMatch(reply -> reply.answer != null), () -> until);
            for (Reply<T> reply : replies) {
                if (reply.answer != null && !simulation.happens(Fault.REQUEST_ANSWER_LOST)) {
                    return reply.answer;
                }
            }
            simulation.sleep(simulation.chance().between(200, 1_000) << Math.min(attempt, 4));
        }
    }

    private <T> Reply<T> ask(String name, Function<Running, T> request) {
        Reply<T> reply = new Reply<>();
        List<Running> reachable = List.copyOf(instances.values());
        if (!reachable.isEmpty()) {
            Running running = reachable.get(simulation.chance().below(reachable.size()));
            simulation.spawn(running.instance.name + " " + name, running.instance, () -> {
                simulation.point("request received");
                try {
                    T answer = request.apply(running);
                    simulation.point("before answer");
                    reply.answer = answer;
                } catch (IllegalStateException broken) {
                    throw broken;
                } catch (IdempotencyKeyInUse | DataAccessException | TransactionException away) {
                    // Answered 409 or 503: the customer asks again.
                }
            });
        }
        return reply;
    }

    private static final class Reply<T> {
        @Nullable
        T answer;
    }

    /**
     * How a history ended.
     *
     * @param broken what was broken, null when every promise was kept
     * @param faults how many faults happened, or would have
     * @param ends how many orders ended in each state
     */
    record Outcome(
            long seed,
            long hash,
            long steps,
            @Nullable Throwable broken,
            Map<Fault, Integer> injected,
            int faults,
            int[] passed,
            int[] killed,
            Map<String, Integer> ends,
            List<String> trace) {}
}
