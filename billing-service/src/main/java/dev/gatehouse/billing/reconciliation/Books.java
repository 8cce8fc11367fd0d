package dev.gatehouse.billing.reconciliation;

import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.payment.ProviderRefund;
import dev.gatehouse.billing.reconciliation.BookedOrder.BookedPayment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Our own books as they are at one moment: orders, payments, refunds and ledger in one database, read in the caller's
 * repeatable-read transaction.
 */
@Repository
class Books {

    private final JdbcClient jdbc;

    Books(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Instant now() {
        return jdbc.sql("SELECT now()").query(OffsetDateTime.class).single().toInstant();
    }

    /**
     * Orders that changed since then, that are open, or that are named; but none that changed after the moment before
     * which everybody left it alone.
     */
    List<BookedOrder> orders(Instant from, Instant quietSince, Collection<UUID> named) {
        return jdbc.sql("""
                        SELECT o.id, o.state, o.total_minor, o.currency, s.parked_reason,
                               p.state AS payment_state, p.amount_minor, p.currency AS payment_currency,
                               p.provider_payment_id, p.refunded_minor,
                               coalesce((SELECT -sum(e.amount_minor) FROM ledger_transactions t
                                         JOIN ledger_entries e ON e.transaction_id = t.id
                                         WHERE t.order_id = o.id AND e.account = 'sales-revenue'), 0) AS sold_minor,
                               coalesce((SELECT sum(e.amount_minor) FROM ledger_transactions t
                                         JOIN ledger_entries e ON e.transaction_id = t.id
                                         WHERE t.order_id = o.id AND e.account = 'sales-refunds'), 0) AS given_back_minor
                        FROM orders o
                        LEFT JOIN payments p ON p.order_id = o.id
                        LEFT JOIN order_steps s ON s.order_id = o.id
                        WHERE o.id IN (SELECT id FROM orders WHERE updated_at >= :from
                                       UNION SELECT order_id FROM payments WHERE updated_at >= :from
                                       UNION SELECT order_id FROM order_steps
                                       UNION SELECT unnest(:named::uuid[]))
                          AND o.updated_at <= :quietSince AND (p.updated_at IS NULL OR p.updated_at <= :quietSince)
                        ORDER BY o.id""")
                .param("from", utc(from))
                .param("quietSince", utc(quietSince))
                .param("named", texts(named))
                .query(Books::order)
                .list();
    }

    /** Those of the orders that have a payment with us. */
    Set<UUID> known(Collection<UUID> orderIds) {
        return new HashSet<>(jdbc.sql("SELECT order_id FROM payments WHERE order_id = ANY (:ids::uuid[])")
                .param("ids", texts(orderIds))
                .query((row, number) -> row.getObject("order_id", UUID.class))
                .list());
    }

    /** Those of the provider's refunds that we asked for: as a refund, or to undo a payment. */
    Set<String> known(List<ProviderRefund> refunds) {
        return new HashSet<>(jdbc.sql("""
                        SELECT theirs.id FROM unnest(:ids::text[], :payments::text[], :ours::uuid[])
                            AS theirs (id, payment_id, refund_id)
                        WHERE EXISTS (SELECT FROM refunds r WHERE r.id = theirs.refund_id)
                           OR EXISTS (SELECT FROM payments p WHERE p.provider_payment_id = theirs.payment_id
                                      AND p.undo_requested_at IS NOT NULL)""")
                .param("ids", refunds.stream().map(ProviderRefund::id).toArray(String[]::new))
                .param(
                        "payments",
                        refunds.stream().map(ProviderRefund::paymentId).toArray(String[]::new))
                .param(
                        "ours",
                        refunds.stream()
                                .map(refund -> refund.refundId() == null
                                        ? null
                                        : refund.refundId().toString())
                                .toArray(String[]::new))
                .query((row, number) -> row.getString("id"))
                .list());
    }

    /** Postings since then whose debits and credits differ, or that have none. */
    List<Difference> unbalanced(Instant from) {
        return jdbc.sql("""
                        SELECT t.order_id, t.reference, sum(e.amount_minor) AS sum_minor
                        FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.transaction_id = t.id
                        WHERE t.posted_at >= :from
                        GROUP BY t.id, e.currency HAVING sum(e.amount_minor) IS DISTINCT FROM 0""")
                .param("from", utc(from))
                .query((row, number) -> {
                    String sum = row.getString("sum_minor");
                    return Difference.of(
                            DifferenceKind.LEDGER_UNBALANCED,
                            row.getObject("order_id", UUID.class),
                            null,
                            row.getString("reference") + " sums to 0",
                            sum == null ? "no entries" : sum);
                })
                .list();
    }

    /** Refunds that were asked for before the moment and have no end. */
    List<Difference> stuckRefunds(Instant quietSince) {
        return jdbc.sql("""
                        SELECT id, order_id, attempts, parked_at IS NOT NULL AS parked FROM refunds
                        WHERE state = 'REQUESTED' AND created_at <= :quietSince ORDER BY id""")
                .param("quietSince", utc(quietSince))
                .query((row, number) -> Difference.of(
                        DifferenceKind.STUCK_REFUND,
                        row.getObject("order_id", UUID.class),
                        null,
                        "an end of refund " + row.getObject("id", UUID.class),
                        row.getInt("attempts") + " failed attempts" + (row.getBoolean("parked") ? ", parked" : "")))
                .list();
    }

    private static BookedOrder order(ResultSet row, int number) throws SQLException {
        return new BookedOrder(
                row.getObject("id", UUID.class),
                OrderState.valueOf(row.getString("state")),
                new Money(row.getLong("total_minor"), row.getString("currency")),
                payment(row),
                row.getLong("sold_minor"),
                row.getLong("given_back_minor"),
                row.getString("parked_reason"));
    }

    private static @Nullable BookedPayment payment(ResultSet row) throws SQLException {
        String state = row.getString("payment_state");
        return state == null
                ? null
                : new BookedPayment(
                        state,
                        new Money(row.getLong("amount_minor"), row.getString("payment_currency")),
                        row.getString("provider_payment_id"),
                        row.getLong("refunded_minor"));
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
