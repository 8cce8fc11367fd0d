package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The payments table. Every change is one guarded statement: it happens from a legal state or not at all. */
@Repository
class Payments {

    // The provider keeps idempotency keys for at least 24 hours; from 20 on we no longer rely on them.
    private static final String COLUMNS = """
            order_id, amount_minor, currency, payment_method, state, provider_payment_id, refund_id, decline_reason,
            calls, first_called_at, last_called_at,
            coalesce(first_called_at < now() - interval '20 hours', false) as keys_forgotten""";

    private final JdbcClient jdbc;

    Payments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the payment is new. */
    boolean add(UUID orderId, Money amount, String paymentMethod) {
        return jdbc.sql("""
                                insert into payments (order_id, amount_minor, currency, payment_method)
                                values (:orderId, :amountMinor, :currency, :paymentMethod)
                                on conflict (order_id) do nothing""")
                        .param("orderId", orderId)
                        .param("amountMinor", amount.amountMinor())
                        .param("currency", amount.currency())
                        .param("paymentMethod", paymentMethod)
                        .update()
                == 1;
    }

    Optional<Payment> find(UUID orderId) {
        return jdbc.sql("select " + COLUMNS + " from payments where order_id = :orderId")
                .param("orderId", orderId)
                .query(Payments::row)
                .optional();
    }

    /** Counts one more charge about to start; empty when the payment is settled or being undone. */
    Optional<Payment> startCharge(UUID orderId) {
        return jdbc.sql("""
                        update payments
                        set calls = calls + 1, first_called_at = coalesce(first_called_at, now()), last_called_at = now(),
                            updated_at = now()
                        where order_id = :orderId and state in ('INTENT', 'AUTHORIZED') and undo_requested_at is null
                        returning\s""" + COLUMNS)
                .param("orderId", orderId)
                .query(Payments::row)
                .optional();
    }

    /** Closes the payment to new charges; empty when the order has none. */
    Optional<Payment> startUndo(UUID orderId) {
        return jdbc.sql("""
                        update payments set undo_requested_at = coalesce(undo_requested_at, now())
                        where order_id = :orderId
                        returning\s""" + COLUMNS)
                .param("orderId", orderId)
                .query(Payments::row)
                .optional();
    }

    /** Whether the authorization may be captured: false when the payment is settled or being undone. */
    boolean authorized(UUID orderId, String providerPaymentId) {
        return jdbc.sql("""
                                update payments
                                set state = 'AUTHORIZED', provider_payment_id = :providerPaymentId, updated_at = now()
                                where order_id = :orderId and state in ('INTENT', 'AUTHORIZED')
                                  and coalesce(provider_payment_id, :providerPaymentId) = :providerPaymentId
                                  and undo_requested_at is null""")
                        .param("orderId", orderId)
                        .param("providerPaymentId", providerPaymentId)
                        .update()
                == 1;
    }

    /** Whether the payment was in a state that may become the given one, and now is. */
    boolean settle(
            UUID orderId,
            PaymentState state,
            @Nullable String providerPaymentId,
            @Nullable String refundId,
            @Nullable String declineReason) {
        return jdbc.sql("""
                                update payments
                                set state = :state, provider_payment_id = coalesce(:providerPaymentId, provider_payment_id),
                                    refund_id = :refundId, decline_reason = :declineReason, updated_at = now()
                                where order_id = :orderId and state in (:predecessors)""")
                        .param("orderId", orderId)
                        .param("state", state.name())
                        .param("providerPaymentId", providerPaymentId, java.sql.Types.VARCHAR)
                        .param("refundId", refundId, java.sql.Types.VARCHAR)
                        .param("declineReason", declineReason, java.sql.Types.VARCHAR)
                        .param("predecessors", state.predecessors())
                        .update()
                == 1;
    }

    void forgetMethods(Collection<UUID> orderIds) {
        jdbc.sql("update payments set payment_method = 'pm_erased' where order_id = any (:ids::uuid[])")
                .param("ids", orderIds.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }

    private static Payment row(ResultSet row, int number) throws SQLException {
        return new Payment(
                row.getObject("order_id", UUID.class),
                new Money(row.getLong("amount_minor"), row.getString("currency")),
                row.getString("payment_method"),
                PaymentState.valueOf(row.getString("state")),
                row.getString("provider_payment_id"),
                row.getString("refund_id"),
                row.getString("decline_reason"),
                row.getInt("calls"),
                instant(row, "first_called_at"),
                instant(row, "last_called_at"),
                row.getBoolean("keys_forgotten"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
