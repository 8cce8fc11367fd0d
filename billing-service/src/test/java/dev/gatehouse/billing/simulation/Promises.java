package dev.gatehouse.billing.simulation;

import dev.gatehouse.billing.inventory.Reservation;
import dev.gatehouse.billing.ledger.SimulatedLedger;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.OrderTables;
import dev.gatehouse.billing.order.ParkedTable;
import dev.gatehouse.billing.order.Transition;
import dev.gatehouse.billing.outbox.OutboxTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What must hold whatever happens, judged by the other sides' own books. */
final class Promises implements OrderTables.Witness {

    /** Written out anew: the code's own list must not judge itself. */
    private static final Map<String, Set<String>> MAY_FOLLOW = Map.of(
            "PLACED", Set.of("RESERVED", "RELEASING", "CANCELLING"),
            "RESERVED", Set.of("PAID", "RELEASING", "CANCELLING"),
            "PAID", Set.of("CONFIRMED", "RELEASING", "CANCELLING"),
            "RELEASING", Set.of("REJECTED"),
            "CANCELLING", Set.of("CANCELLED"));

    private final Simulation simulation;
    private final Map<String, UUID> acceptedByCustomer = new LinkedHashMap<>();
    private final Set<String> customers = new HashSet<>();
    private final Set<UUID> cancelled = new HashSet<>();
    private final Map<Claim, Actor> newestClaim = new HashMap<>();
    private final Map<UUID, Order> judged = new HashMap<>();
    private final Set<Claim> claims = new HashSet<>();
    private @Nullable OrderTables orders;
    private @Nullable OutboxTable outbox;
    private @Nullable SimulatedLedger ledger;
    private @Nullable ParkedTable parked;
    private @Nullable InventoryModel inventory;
    private @Nullable ProviderModel provider;
    private @Nullable Broker broker;

    Promises(Simulation simulation) {
        this.simulation = simulation;
    }

    void watch(
            OrderTables orders,
            OutboxTable outbox,
            SimulatedLedger ledger,
            ParkedTable parked,
            InventoryModel inventory,
            ProviderModel provider,
            Broker broker) {
        this.orders = orders;
        this.outbox = outbox;
        this.ledger = ledger;
        this.parked = parked;
        this.inventory = inventory;
        this.provider = provider;
        this.broker = broker;
    }

    void asked(String customer) {
        customers.add(customer);
    }

    /** The customer was told that the order is accepted. */
    void accepted(String customer, UUID orderId) {
        acceptedByCustomer.put(customer, orderId);
    }

    /** The customer was told that the order is given up. */
    void cancelled(UUID orderId) {
        cancelled.add(orderId);
    }

    @Override
    public Runnable claims(UUID orderId, int version) {
        Actor me = simulation.current();
        return () -> {
            newestClaim.put(new Claim(orderId, version, null), me);
            claims.add(new Claim(orderId, version, me));
        };
    }

    /** Fencing: who began a step and was overtaken by another who began it anew must not end it. */
    @Override
    public void moved(UUID orderId, int version) {
        Actor me = simulation.current();
        boolean began = claims.contains(new Claim(orderId, version, me));
        if (began && newestClaim.get(new Claim(orderId, version, null)) != me) {
            throw new Violation("fencing", me.name + " ends a step that another has begun anew");
        }
    }

    /** After every commit. */
    void always() {
        require(ledger().sum() == 0, "I9", () -> "the ledger's sum is " + ledger().sum());
        require(ledger().receivable() == 0, "I9", () -> "customers owe " + ledger().receivable());
        for (Order order : orders().committedOrders()) {
            if (judged.put(order.id(), order) == order) {
                continue;
            }
            List<Transition> history = order.history();
            for (int i = 0; i < history.size(); i++) {
                require(history.get(i).version() == i + 1, "I6", () -> "versions have a gap: " + history);
                require(
                        i == 0
                                ? history.get(i).state() == OrderState.PLACED
                                : MAY_FOLLOW
                                        .getOrDefault(history.get(i - 1).state().name(), Set.of())
                                        .contains(history.get(i).state().name()),
                        "I6",
                        () -> "illegal transition: " + states(order));
            }
            require(history.getLast().state() == order.state(), "I6", () -> "the state is not the last transition's");
            require(history.size() == order.version(), "I6", () -> "the version is not the last transition's");
        }
    }

    /** When all has come to rest. */
    void atTheEnd() {
        Map<UUID, Order> byId = new LinkedHashMap<>();
        orders().committedOrders().forEach(order -> byId.put(order.id(), order));
        require(
                customers.equals(acceptedByCustomer.keySet()),
                "I1",
                () -> "not all customers got an answer: " + acceptedByCustomer.keySet());
        acceptedByCustomer.forEach(
                (customer, id) -> require(byId.containsKey(id), "I1", () -> "an accepted order is lost"));
        require(
                byId.size() == customers.size(),
                "I5",
                () -> customers.size() + " wishes have become " + byId.size() + " orders");
        for (Order order : byId.values()) {
            require(order.state().isFinal(), "I1", () -> "an order ends as " + states(order));
            require(
                    !cancelled.contains(order.id()) || order.state() == OrderState.CANCELLED,
                    "I1",
                    () -> "a cancelled order ends as " + states(order));
            money(order);
        }
        require(orders().committedSteps().isEmpty(), "I7", () -> "steps are left: " + orders().committedSteps());
        stock(byId);
        messages(byId);
    }

    private void money(Order order) {
        long owed = order.state() == OrderState.CONFIRMED ? order.total().amountMinor() : 0;
        long kept = provider().kept(order.id());
        require(kept == owed, "I2", () -> "the provider keeps " + kept + " of an order that is " + states(order));
        require(
                !provider().holds(order.id()),
                "I2",
                () -> "money stays set aside for an order that is " + states(order));
        long booked = ledger().clearing(order.id());
        require(booked == kept, "I9", () -> "the ledger says " + booked + ", the provider " + kept);
    }

    private void stock(Map<UUID, Order> byId) {
        long confirmed = byId.values().stream()
                .filter(order -> order.state() == OrderState.CONFIRMED)
                .flatMap(order -> order.lines().stream())
                .mapToLong(line -> line.quantity())
                .sum();
        for (Order order : byId.values()) {
            boolean sold = order.state() == OrderState.CONFIRMED;
            Reservation.State state = inventory().state(order.id());
            require(
                    sold == (state == Reservation.State.CONFIRMED),
                    "I3",
                    () -> "stock is " + state + " for an order that is " + states(order));
        }
        require(inventory().reserved() == 0, "I4", () -> inventory().reserved() + " copies stay reserved");
        require(inventory().sold() == confirmed, "I4", () -> inventory().sold() + " copies sold for " + confirmed);
    }

    private void messages(Map<UUID, Order> byId) {
        Map<UUID, TreeMap<Integer, Integer>> arrivals = new LinkedHashMap<>();
        for (OutboxTable.Row row : outbox().committed()) {
            require(row.sent(), "I7", () -> "a message stays unsent");
            Integer arrival = broker().arrival(row.message().id().toString());
            require(arrival != null, "I1", () -> "a message marked sent never reached the broker");
            arrivals.computeIfAbsent(row.message().aggregateId(), id -> new TreeMap<>())
                    .put(row.message().aggregateVersion(), Objects.requireNonNull(arrival));
        }
        for (Order order : byId.values()) {
            TreeMap<Integer, Integer> sent = arrivals.getOrDefault(order.id(), new TreeMap<>());
            require(sent.size() == order.version(), "I6", () -> "the messages have versions " + sent.keySet());
            require(
                    List.copyOf(sent.values())
                            .equals(sent.values().stream().sorted().toList()),
                    "I6",
                    () -> "an order's messages came first in the order " + sent);
        }
        require(broker().isEmpty(), "I7", () -> "messages are left at the broker");
        Set<String> kept = new HashSet<>(parked().committedIds());
        require(
                kept.size() == broker().poison() && kept.stream().allMatch(id -> id.startsWith("poison")),
                "I1",
                () -> broker().poison() + " unreadable messages came, parked are " + kept);
    }

    /** How many orders ended in which state. */
    Map<String, Integer> ends() {
        Map<String, Integer> ends = new TreeMap<>();
        orders().committedOrders().forEach(order -> ends.merge(order.state().name(), 1, Integer::sum));
        return ends;
    }

    private record Claim(
            UUID orderId, int version, @Nullable Actor actor) {}

    private static String states(Order order) {
        return order.history().stream()
                .map(transition -> transition.state().name())
                .collect(Collectors.joining(" "));
    }

    private static void require(boolean kept, String promise, Supplier<String> detail) {
        if (!kept) {
            throw new Violation(promise, detail.get());
        }
    }

    private OrderTables orders() {
        return Objects.requireNonNull(orders);
    }

    private OutboxTable outbox() {
        return Objects.requireNonNull(outbox);
    }

    private SimulatedLedger ledger() {
        return Objects.requireNonNull(ledger);
    }

    private ParkedTable parked() {
        return Objects.requireNonNull(parked);
    }

    private InventoryModel inventory() {
        return Objects.requireNonNull(inventory);
    }

    private ProviderModel provider() {
        return Objects.requireNonNull(provider);
    }

    private Broker broker() {
        return Objects.requireNonNull(broker);
    }
}
