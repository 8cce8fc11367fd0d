package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.OrderSteps.Due;
import dev.gatehouse.billing.simulation.Chance;
import dev.gatehouse.billing.simulation.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * The simulation's tables answer as PostgreSQL does and are left as PostgreSQL's are: the same random statements go to
 * both. Everything is rolled back; {@code now()} stands still meanwhile, so time passes by moving the rows' times.
 */
@BillingIntegrationTest
@Transactional
class OrderTablesAgreeIT {

    private static final int STATEMENTS = 150;

    @Autowired
    Orders orders;

    @Autowired
    OrderSteps steps;

    @Autowired
    OrderProperties properties;

    @Autowired
    JdbcClient jdbc;

    private final Database database = Database.alone();
    private final List<UUID> tokens = new ArrayList<>();
    private final List<Order> known = new ArrayList<>();

    static List<Long> seeds() {
        return List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithTheRealTables(long seed) {
        var chance = new Chance(seed);
        var simulated = new OrderTables(database, properties, Set.of(), new Unconcerned());
        for (int number = 0; number < 2; number++) {
            place(simulated, UUID.randomUUID());
        }
        tokens.add(UUID.randomUUID());

        for (int statement = 0; statement < STATEMENTS; statement++) {
            Order order = known.get(chance.below(known.size()));
            UUID id = order.id();
            UUID token = tokens.get(Math.max(0, tokens.size() - 1 - chance.below(3)));
            int version = order.version() + chance.below(3) - 1;
            String said = switch (chance.below(13)) {
                case 0 -> {
                    long millis = chance.between(1, 20_000);
                    pass(millis);
                    yield "time passes";
                }
                case 1, 2, 3 -> {
                    UUID fresh = UUID.randomUUID();
                    tokens.add(fresh);
                    yield both("claim", simulated, tables -> tables.steps.claim(id, version, fresh));
                }
                case 4 ->
                    both("renew", simulated, tables -> {
                        tables.steps.renew(List.of(token));
                        return true;
                    });
                case 5 ->
                    both("hold", simulated, tables -> {
                        try {
                            tables.steps.hold(id, token);
                            return true;
                        } catch (LateWriter late) {
                            return false;
                        }
                    });
                case 6 ->
                    both("replace", simulated, tables -> {
                        tables.steps.replace(id, version);
                        return true;
                    });
                case 7 -> both("hasStarted", simulated, tables -> tables.steps.hasStarted(id));
                case 8 -> {
                    Duration pause = Duration.ofMillis(chance.between(0, 9_000));
                    yield both("retry", simulated, tables -> {
                        tables.steps.retry(id, token, pause, "an error");
                        return true;
                    });
                }
                case 9 ->
                    both("park", simulated, tables -> {
                        tables.steps.park(id, token, "a reason");
                        return true;
                    });
                case 10 ->
                    both("letGo", simulated, tables -> {
                        tables.steps.letGo(id, token);
                        return true;
                    });
                case 11 -> both("makeDue", simulated, tables -> tables.steps.makeDue(id));
                default -> move(simulated, order, chance);
            };
            assertThat(rows(simulated))
                    .as("seed %d, statement %d: %s", seed, statement, said)
                    .isEqualTo(realRows());
            assertThat(due(simulated.steps)).as("due after %s", said).isEqualTo(due(steps));
            assertThat(seen(simulated.orders.find(id))).isEqualTo(seen(orders.find(id)));
        }
    }

    private void place(OrderTables simulated, UUID id) {
        var lines = List.of(new OrderLine(UUID.randomUUID(), 2, new Money(1000, "EUR")));
        both("place", simulated, tables -> {
            tables.orders.insert(id, "a customer", lines, Order.total(lines), "pm_card_visa");
            tables.steps.add(id);
            return true;
        });
        known.add(orders.find(id).orElseThrow());
    }

    /** Perhaps on old knowledge, perhaps to where it may not go. */
    private String move(OrderTables simulated, Order knownOrder, Chance chance) {
        OrderState next = OrderState.values()[chance.below(OrderState.values().length)];
        String said = both("move to " + next, simulated, tables -> {
            try {
                tables.orders.move(knownOrder, next, "a reason");
                if (next.isFinal()) {
                    tables.steps.remove(knownOrder.id());
                } else {
                    tables.steps.advance(knownOrder.id(), knownOrder.version() + 1);
                }
                return "moved";
            } catch (LateWriter | IllegalTransition refused) {
                return refused.getClass();
            }
        });
        if (chance.happens(0.8)) {
            known.set(known.indexOf(knownOrder), orders.find(knownOrder.id()).orElseThrow());
        }
        if (known.stream().allMatch(order -> order.state().isFinal())) {
            place(simulated, UUID.randomUUID());
        }
        return said;
    }

    private String both(String said, OrderTables simulated, Function<Tables, Object> statement) {
        Object answer = statement.apply(new Tables(simulated.orders, simulated.steps));
        assertThat(answer).as(said).isEqualTo(statement.apply(new Tables(orders, steps)));
        return said;
    }

    private void pass(long millis) {
        database.advance(millis);
        jdbc.sql("""
            UPDATE order_steps
            SET due_at = due_at - :millis * interval '1 millisecond',
                lease_until = lease_until - :millis * interval '1 millisecond',
                started_at = started_at - :millis * interval '1 millisecond'\
            """).param("millis", millis).update();
    }

    private List<Row> rows(OrderTables simulated) {
        return simulated.committedSteps().stream()
                .map(row -> new Row(
                        row.orderId(),
                        row.version(),
                        row.attempts(),
                        row.startedAt() == 0 ? null : row.startedAt() - database.clock(),
                        row.dueAt() - database.clock(),
                        row.leaseToken(),
                        row.leaseUntil() == 0 ? null : row.leaseUntil() - database.clock(),
                        row.parkedReason()))
                .sorted(Row.ORDER)
                .toList();
    }

    private List<Row> realRows() {
        return jdbc
                .sql("""
                    SELECT order_id, version, attempts, lease_token, parked_reason,
                           round(extract(epoch FROM started_at - now()) * 1000)::bigint AS started,
                           round(extract(epoch FROM due_at - now()) * 1000)::bigint AS due,
                           round(extract(epoch FROM lease_until - now()) * 1000)::bigint AS leased
                    FROM order_steps WHERE order_id = ANY (:ids::uuid[])\
                    """)
                .param("ids", known.stream().map(order -> order.id().toString()).toArray(String[]::new))
                .query((row, number) -> new Row(
                        row.getObject("order_id", UUID.class),
                        row.getInt("version"),
                        row.getInt("attempts"),
                        row.getObject("started", Long.class),
                        row.getObject("due", Long.class),
                        row.getObject("lease_token", UUID.class),
                        row.getObject("leased", Long.class),
                        row.getString("parked_reason")))
                .list()
                .stream()
                .sorted(Row.ORDER)
                .toList();
    }

    private Set<Due> due(OrderSteps table) {
        return table.due(10_000).stream()
                .filter(due -> known.stream().anyMatch(order -> order.id().equals(due.orderId())))
                .collect(Collectors.toSet());
    }

    private static List<Object> seen(Optional<Order> found) {
        Order order = found.orElseThrow();
        return List.of(
                order.state(),
                order.version(),
                Objects.requireNonNullElse(order.reason(), "none"),
                order.lines(),
                order.total(),
                order.history().stream()
                        .map(step -> step.version() + " " + step.state() + " " + step.reason())
                        .toList());
    }

    private record Tables(Orders orders, OrderSteps steps) {}

    /** Times in milliseconds from now. */
    private record Row(
            UUID orderId,
            int version,
            int attempts,
            Long started,
            Long due,
            UUID leaseToken,
            Long leased,
            String parkedReason) {

        static final Comparator<Row> ORDER = Comparator.comparing(Row::orderId);
    }

    private static final class Unconcerned implements OrderTables.Witness {

        @Override
        public Runnable claims(UUID orderId, int version) {
            return () -> {};
        }

        @Override
        public void moved(UUID orderId, int version) {
            // One test, one thread.
        }
    }
}
