package dev.gatehouse.billing.order;

import dev.gatehouse.billing.inventory.ReservationConflict;
import dev.gatehouse.billing.order.ParkedWork.Parked;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Orders whose step was put aside: to look at, to try again, or to give up. */
@Service
public class ParkedOrders {

    private static final String COLUMNS = "s.order_id, o.state, s.version, s.attempts, s.started_at, s.due_at,"
            + " s.last_error, s.parked_at, s.parked_reason";

    private static final String MATCHING = """
             FROM order_steps s JOIN orders o ON o.id = s.order_id
            WHERE s.parked_at IS NOT NULL
              AND (:state::text IS NULL OR o.state = :state)
              AND (:reason::text IS NULL OR position(lower(:reason) IN lower(s.parked_reason)) > 0)
              AND (:after::timestamptz IS NULL OR s.parked_at >= :after)
              AND (:before::timestamptz IS NULL OR s.parked_at < :before)
            """;

    private final JdbcClient jdbc;
    private final Orders orders;
    private final OrderSteps steps;
    private final Transitions transitions;

    ParkedOrders(JdbcClient jdbc, Orders orders, OrderSteps steps, Transitions transitions) {
        this.jdbc = jdbc;
        this.orders = orders;
        this.steps = steps;
        this.transitions = transitions;
    }

    /**
     * Parked orders, the longest parked first.
     *
     * @param after only those after this one in that order, null for the first
     */
    public List<ParkedOrder> page(Filter filter, @Nullable Position after, int atMost) {
        return filter.bind(jdbc.sql("SELECT " + COLUMNS + MATCHING + """
                          AND (:afterTime::timestamptz IS NULL OR (s.parked_at, s.order_id) > (:afterTime, :afterId))
                        ORDER BY s.parked_at, s.order_id
                        LIMIT :atMost"""))
                .param("afterTime", after == null ? null : utc(after.parkedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("afterId", after == null ? null : after.orderId(), Types.OTHER)
                .param("atMost", atMost)
                .query(ParkedOrders::row)
                .list();
    }

    /** The step that is left of the order, parked or not; empty when the order is final. */
    public Optional<ParkedOrder> step(UUID orderId) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM order_steps s JOIN orders o ON o.id = s.order_id"
                        + " WHERE s.order_id = :orderId")
                .param("orderId", orderId)
                .query(ParkedOrders::row)
                .optional();
    }

    /** How many match. */
    public long count(Filter filter) {
        return filter.bind(jdbc.sql("SELECT count(*)" + MATCHING))
                .query(Long.class)
                .single();
    }

    /**
     * Lets the order's step be tried again, at once and as if it had never failed, in the caller's transaction.
     *
     * @throws OrderNotFound when there is no such order
     * @throws OrderNotParked when it is not parked
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void replay(UUID orderId) {
        requireParked(orderId);
        unpark(List.of(orderId));
    }

    /**
     * Lets the steps of matching orders be tried again, the longest parked first, in the caller's transaction. Those
     * that somebody else decides about at this moment are left out.
     *
     * @return whose
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<UUID> replay(Filter filter, int atMost) {
        List<UUID> ids = filter.bind(jdbc.sql("SELECT s.order_id" + MATCHING + """
                        ORDER BY s.parked_at, s.order_id
                        LIMIT :atMost
                        FOR UPDATE OF s SKIP LOCKED"""))
                .param("atMost", atMost)
                .query((row, number) -> row.getObject("order_id", UUID.class))
                .list();
        unpark(ids);
        return ids;
    }

    /**
     * Gives the order up in the caller's transaction: what was reserved or charged is given back, then it is rejected.
     *
     * @throws OrderNotFound when there is no such order
     * @throws OrderNotParked when it is not parked
     * @throws OrderNotSafeToGiveUp when its stock may be sold, or it is being given up already
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Order giveUp(UUID orderId) {
        ParkedOrder parked = requireParked(orderId);
        Order order = orders.find(orderId).orElseThrow(() -> new OrderNotFound(orderId));
        switch (order.state()) {
            case PLACED -> {
                // The only conflict in this state is stock that is sold under the order's name.
                if (String.valueOf(parked.parkedReason()).startsWith(ReservationConflict.class.getSimpleName())) {
                    throw new OrderNotSafeToGiveUp("Inventory says that the order's stock is sold: clear that up there,"
                            + " then replay the order.");
                }
            }
            case RESERVED -> {
                // Whatever the payment came to is undone.
            }
            case PAID ->
                throw new OrderNotSafeToGiveUp("The order is paid and its stock may be sold already: replay it, the"
                        + " outcome decides whether the money goes back.");
            case RELEASING, CANCELLING ->
                throw new OrderNotSafeToGiveUp("The order is being given up already: replay it, so that what was"
                        + " reserved or charged is given back.");
            case CONFIRMED, REJECTED, CANCELLED -> throw new OrderNotParked(orderId);
        }
        steps.replace(orderId, order.version() + 1);
        return transitions.move(order, OrderState.RELEASING, RejectionReason.GIVEN_UP_BY_OPERATOR);
    }

    /** Locks the order's step: nobody moves it from here on. */
    private ParkedOrder requireParked(UUID orderId) {
        Optional<ParkedOrder> step = jdbc.sql("SELECT " + COLUMNS + " FROM order_steps s JOIN orders o"
                        + " ON o.id = s.order_id WHERE s.order_id = :orderId FOR UPDATE OF s")
                .param("orderId", orderId)
                .query(ParkedOrders::row)
                .optional();
        if (step.isEmpty() && orders.version(orderId).isEmpty()) {
            throw new OrderNotFound(orderId);
        }
        return step.filter(found -> found.parkedAt() != null).orElseThrow(() -> new OrderNotParked(orderId));
    }

    private void unpark(List<UUID> orderIds) {
        jdbc.sql("""
                        UPDATE order_steps
                        SET parked_at = NULL, parked_reason = NULL, attempts = 0, due_at = now()
                        WHERE order_id = ANY (:ids::uuid[])""")
                .param("ids", orderIds.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }

    Parked parked() {
        return jdbc.sql("""
                        SELECT count(*), coalesce(floor(extract(epoch FROM now() - min(parked_at))), 0)::bigint
                        FROM order_steps WHERE parked_at IS NOT NULL""")
                .query((row, number) -> new Parked(row.getLong(1), row.getLong(2)))
                .single();
    }

    private static ParkedOrder row(ResultSet row, int number) throws SQLException {
        return new ParkedOrder(
                row.getObject("order_id", UUID.class),
                OrderState.valueOf(row.getString("state")),
                row.getInt("version"),
                row.getInt("attempts"),
                instant(row, "started_at"),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                row.getString("last_error"),
                instant(row, "parked_at"),
                row.getString("parked_reason"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** A parked order's place in the list. */
    public record Position(Instant parkedAt, UUID orderId) {}

    /**
     * Which parked orders; null asks for nothing.
     *
     * @param reason occurs in the reason, in whatever case
     * @param after parked at this moment or later
     * @param before parked earlier than this
     */
    public record Filter(
            @Nullable OrderState state,
            @Nullable String reason,
            @Nullable Instant after,
            @Nullable Instant before) {

        StatementSpec bind(StatementSpec query) {
            return query.param("state", state == null ? null : state.name(), Types.VARCHAR)
                    .param("reason", reason, Types.VARCHAR)
                    .param("after", after == null ? null : utc(after), Types.TIMESTAMP_WITH_TIMEZONE)
                    .param("before", before == null ? null : utc(before), Types.TIMESTAMP_WITH_TIMEZONE);
        }
    }
}
