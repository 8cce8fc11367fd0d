package dev.gatehouse.billing.order;

import dev.gatehouse.billing.money.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The orders, their lines and their history. */
@Repository
class Orders {

    private static final String COLUMNS =
            "id, customer, state, version, total_minor, currency, payment_method, reason, placed_at, updated_at";

    private final JdbcClient jdbc;

    Orders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes a new order in its first state and version. */
    void insert(UUID id, String customer, List<OrderLine> lines, Money total, String paymentMethod) {
        jdbc.sql("""
                        INSERT INTO orders (id, customer, state, version, total_minor, currency, payment_method)
                        VALUES (:id, :customer, 'PLACED', 1, :total, :currency, :paymentMethod)""")
                .param("id", id)
                .param("customer", customer)
                .param("total", total.amountMinor())
                .param("currency", total.currency())
                .param("paymentMethod", paymentMethod)
                .update();
        // One statement however many lines there are.
        jdbc.sql("""
                        INSERT INTO order_lines (order_id, position, film_id, quantity, unit_price_minor)
                        SELECT :id, line.number - 1, line.film, line.quantity, line.price
                        FROM unnest(:films::uuid[], :quantities::integer[], :prices::bigint[])
                            WITH ORDINALITY AS line (film, quantity, price, number)""")
                .param("id", id)
                .param(
                        "films",
                        lines.stream().map(line -> line.filmId().toString()).toArray(String[]::new))
                .param("quantities", lines.stream().map(OrderLine::quantity).toArray(Integer[]::new))
                .param(
                        "prices",
                        lines.stream()
                                .map(line -> line.unitPrice().amountMinor())
                                .toArray(Long[]::new))
                .update();
        insertTransition(id, 1, OrderState.PLACED, null);
    }

    /**
     * Moves the order one version on, if it still has the version the caller knows.
     *
     * @throws LateWriter when it has not
     */
    void move(Order order, OrderState next, @Nullable String reason) {
        order.requireNext(next);
        int moved = jdbc.sql("""
                        UPDATE orders SET state = :state, version = version + 1, reason = :reason, updated_at = now()
                        WHERE id = :id AND version = :version""")
                .param("state", next.name())
                .param("reason", reason)
                .param("id", order.id())
                .param("version", order.version())
                .update();
        if (moved == 0) {
            throw new LateWriter(order.id());
        }
        insertTransition(order.id(), order.version() + 1, next, reason);
    }

    Optional<Order> find(UUID id) {
        return withDetails(jdbc.sql("SELECT " + COLUMNS + " FROM orders WHERE id = :id")
                        .param("id", id))
                .stream()
                .findFirst();
    }

    /** The order's version, at the least cost. */
    Optional<Integer> version(UUID id) {
        return jdbc.sql("SELECT version FROM orders WHERE id = :id")
                .param("id", id)
                .query(Integer.class)
                .optional();
    }

    /** Newest first; null customer means everybody's. */
    List<Order> page(@Nullable String customer, @Nullable OrderState state, @Nullable Position after, int atMost) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        if (customer != null) {
            conditions.add("customer = :customer");
        }
        if (state != null) {
            conditions.add("state = :state");
        }
        if (after != null) {
            conditions.add("(placed_at, id) < (:placedAt, :id)");
        }
        StatementSpec query = jdbc.sql("SELECT " + COLUMNS + " FROM orders WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY placed_at DESC, id DESC LIMIT :atMost")
                .param("atMost", atMost);
        if (customer != null) {
            query = query.param("customer", customer);
        }
        if (state != null) {
            query = query.param("state", state.name());
        }
        if (after != null) {
            query = query.param("placedAt", after.placedAt().atOffset(java.time.ZoneOffset.UTC))
                    .param("id", after.id());
        }
        return withDetails(query);
    }

    private void insertTransition(UUID id, int version, OrderState state, @Nullable String reason) {
        jdbc.sql("INSERT INTO order_transitions (order_id, version, state, reason)"
                        + " VALUES (:id, :version, :state, :reason)")
                .param("id", id)
                .param("version", version)
                .param("state", state.name())
                .param("reason", reason)
                .update();
    }

    private List<Order> withDetails(StatementSpec query) {
        List<Order> bare = query.query(Orders::order).list();
        if (bare.isEmpty()) {
            return bare;
        }
        String[] ids = bare.stream().map(order -> order.id().toString()).toArray(String[]::new);
        Map<UUID, List<Line>> lines = jdbc
                .sql("SELECT order_id, film_id, quantity, unit_price_minor FROM order_lines"
                        + " WHERE order_id = ANY (:ids::uuid[])"
                        + " ORDER BY order_id, position")
                .param("ids", ids)
                .query(Line::of)
                .list()
                .stream()
                .collect(Collectors.groupingBy(Line::orderId));
        Map<UUID, List<Step>> steps = jdbc
                .sql("SELECT order_id, version, state, reason, at FROM order_transitions"
                        + " WHERE order_id = ANY (:ids::uuid[])"
                        + " ORDER BY order_id, version")
                .param("ids", ids)
                .query(Step::of)
                .list()
                .stream()
                .collect(Collectors.groupingBy(Step::orderId));
        return bare.stream()
                .map(order -> new Order(
                        order.id(),
                        order.customer(),
                        order.state(),
                        order.version(),
                        lines.getOrDefault(order.id(), List.of()).stream()
                                .map(line -> line.in(order.total().currency()))
                                .toList(),
                        order.total(),
                        order.paymentMethod(),
                        order.reason(),
                        order.placedAt(),
                        order.updatedAt(),
                        // The three reads are three moments; none may tell more than the first.
                        steps.getOrDefault(order.id(), List.of()).stream()
                                .map(Step::transition)
                                .filter(transition -> transition.version() <= order.version())
                                .toList()))
                .toList();
    }

    private static Order order(ResultSet row, int number) throws SQLException {
        return new Order(
                row.getObject("id", UUID.class),
                row.getString("customer"),
                OrderState.valueOf(row.getString("state")),
                row.getInt("version"),
                List.of(),
                new Money(row.getLong("total_minor"), row.getString("currency")),
                row.getString("payment_method"),
                row.getString("reason"),
                instant(row, "placed_at"),
                instant(row, "updated_at"),
                List.of());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Where a page ended. */
    record Position(Instant placedAt, UUID id) {}

    private record Line(UUID orderId, UUID filmId, int quantity, long unitPriceMinor) {

        static Line of(ResultSet row, int number) throws SQLException {
            return new Line(
                    row.getObject("order_id", UUID.class),
                    row.getObject("film_id", UUID.class),
                    row.getInt("quantity"),
                    row.getLong("unit_price_minor"));
        }

        OrderLine in(String currency) {
            return new OrderLine(filmId, quantity, new Money(unitPriceMinor, currency));
        }
    }

    private record Step(UUID orderId, Transition transition) {

        static Step of(ResultSet row, int number) throws SQLException {
            return new Step(
                    row.getObject("order_id", UUID.class),
                    new Transition(
                            row.getInt("version"),
                            OrderState.valueOf(row.getString("state")),
                            row.getString("reason"),
                            instant(row, "at")));
        }
    }
}
