package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The refunds and what of each payment was asked back. All times are the database's; a token fences late writers off. */
@Repository
class Refunds {

    private static final String COLUMNS = "id, order_id, amount_minor, currency, reason, requested_by, state,"
            + " provider_refund_id, failure, created_at, updated_at";
    private static final String AFTER = "now() + :%s * interval '1 millisecond'";

    private final JdbcClient jdbc;

    Refunds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What of the order's captured payment was not asked back; locks it for the transaction. Empty when none is captured. */
    Optional<Money> lockLeft(UUID orderId) {
        return jdbc.sql("""
                        SELECT amount_minor - refund_requested_minor AS left_minor, currency FROM payments
                        WHERE order_id = :orderId AND state = 'CAPTURED' FOR UPDATE""")
                .param("orderId", orderId)
                .query((row, number) -> new Money(row.getLong("left_minor"), row.getString("currency")))
                .optional();
    }

    void add(UUID id, UUID orderId, Money amount, @Nullable String reason, String requestedBy) {
        jdbc.sql("""
                        UPDATE payments
                        SET refund_requested_minor = refund_requested_minor + :amountMinor, updated_at = now()
                        WHERE order_id = :orderId""")
                .param("amountMinor", amount.amountMinor())
                .param("orderId", orderId)
                .update();
        jdbc.sql("""
                        INSERT INTO refunds (id, order_id, amount_minor, currency, reason, requested_by)
                        VALUES (:id, :orderId, :amountMinor, :currency, :reason, :requestedBy)""")
                .param("id", id)
                .param("orderId", orderId)
                .param("amountMinor", amount.amountMinor())
                .param("currency", amount.currency())
                .param("reason", reason, Types.VARCHAR)
                .param("requestedBy", requestedBy)
                .update();
    }

    Optional<Refund> find(UUID id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM refunds WHERE id = :id")
                .param("id", id)
                .query(Refunds::row)
                .optional();
    }

    /** The order's, oldest first. */
    List<Refund> of(UUID orderId) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM refunds WHERE order_id = :orderId ORDER BY created_at, id")
                .param("orderId", orderId)
                .query(Refunds::row)
                .list();
    }

    /** What went back of each order's payment, in minor units; orders of which nothing did are left out. */
    Map<UUID, Long> refundedMinor(Collection<UUID> orderIds) {
        return jdbc
                .sql("""
                        SELECT order_id, refunded_minor FROM payments
                        WHERE order_id = ANY (:ids::uuid[]) AND refunded_minor > 0""")
                .param("ids", orderIds.stream().map(UUID::toString).toArray(String[]::new))
                .query((row, number) -> Map.entry(row.getObject("order_id", UUID.class), row.getLong("refunded_minor")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Those whose time has come and that are nobody's. */
    List<UUID> due(int atMost) {
        return jdbc.sql("""
                        SELECT id FROM refunds
                        WHERE state = 'REQUESTED' AND parked_at IS NULL AND due_at <= now()
                          AND (lease_until IS NULL OR lease_until <= now())
                        ORDER BY due_at LIMIT :atMost""")
                .param("atMost", atMost)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /** Lets those of the order that wait for another attempt be due now. */
    boolean makeDue(UUID orderId) {
        return jdbc.sql("""
                                UPDATE refunds SET due_at = least(due_at, now())
                                WHERE order_id = :orderId AND state = 'REQUESTED' AND parked_at IS NULL
                                  AND (lease_until IS NULL OR lease_until <= now())""").param("orderId", orderId).update() > 0;
    }

    /** Takes a refund and writes in the same statement that the provider is called; empty when it is not to be taken now. */
    Optional<Claim> claim(UUID id, UUID token, Duration lease) {
        return jdbc.sql("""
                        UPDATE refunds
                        SET lease_token = :token, lease_until = %1$s, due_at = %1$s, calls = calls + 1
                        WHERE id = :id AND state = 'REQUESTED' AND parked_at IS NULL AND due_at <= now()
                          AND (lease_until IS NULL OR lease_until <= now())
                        RETURNING order_id, amount_minor, currency, calls, attempts,
                            (SELECT provider_payment_id FROM payments WHERE payments.order_id = refunds.order_id)
                            AS provider_payment_id""".formatted(AFTER.formatted("lease")))
                .param("token", token)
                .param("lease", lease.toMillis())
                .param("id", id)
                .query((row, number) -> new Claim(
                        id,
                        token,
                        row.getObject("order_id", UUID.class),
                        new Money(row.getLong("amount_minor"), row.getString("currency")),
                        row.getString("provider_payment_id"),
                        row.getInt("calls"),
                        row.getInt("attempts")))
                .optional();
    }

    /** Whether it was still the claim's, and now has that end. */
    boolean settle(Claim claim, RefundState end, String providerRefundId, @Nullable String failure) {
        int settled = jdbc.sql("""
                        UPDATE refunds
                        SET state = :state, provider_refund_id = :providerRefundId, failure = :failure,
                            lease_token = NULL, lease_until = NULL, last_error = NULL, updated_at = now()
                        WHERE id = :id AND lease_token = :token AND state = 'REQUESTED'""")
                .param("state", end.name())
                .param("providerRefundId", providerRefundId)
                .param("failure", failure, Types.VARCHAR)
                .param("id", claim.id())
                .param("token", claim.token())
                .update();
        if (settled == 0) {
            return false;
        }
        String change = end == RefundState.SUCCEEDED
                ? "refunded_minor = refunded_minor + :amountMinor"
                : "refund_requested_minor = refund_requested_minor - :amountMinor";
        jdbc.sql("UPDATE payments SET " + change + ", updated_at = now() WHERE order_id = :orderId")
                .param("amountMinor", claim.amount().amountMinor())
                .param("orderId", claim.orderId())
                .update();
        return true;
    }

    /** Gives it back for another attempt after the pause; counts the failure unless there was none. */
    void later(Claim claim, Duration pause, int failures, String error) {
        jdbc.sql("""
                        UPDATE refunds
                        SET attempts = attempts + :failures, due_at = %s, lease_until = NULL, last_error = :error
                        WHERE id = :id AND lease_token = :token""".formatted(AFTER.formatted("pause")))
                .param("failures", failures)
                .param("pause", pause.toMillis())
                .param("error", error)
                .param("id", claim.id())
                .param("token", claim.token())
                .update();
    }

    /** Puts it aside until an operator decides. */
    void park(Claim claim, String error) {
        jdbc.sql("""
                        UPDATE refunds
                        SET attempts = attempts + 1, lease_until = NULL, last_error = :error, parked_at = now(),
                            updated_at = now()
                        WHERE id = :id AND lease_token = :token""")
                .param("error", error)
                .param("id", claim.id())
                .param("token", claim.token())
                .update();
    }

    /** Takes a parked one up again; false when it is not parked. */
    boolean resume(UUID id) {
        return jdbc.sql("""
                                UPDATE refunds
                                SET parked_at = NULL, attempts = 0, due_at = now(), updated_at = now()
                                WHERE id = :id AND parked_at IS NOT NULL AND state = 'REQUESTED'""").param("id", id).update() == 1;
    }

    long parked() {
        return jdbc.sql("SELECT count(*) FROM refunds WHERE parked_at IS NOT NULL AND state = 'REQUESTED'")
                .query(Long.class)
                .single();
    }

    private static Refund row(ResultSet row, int number) throws SQLException {
        return new Refund(
                row.getObject("id", UUID.class),
                row.getObject("order_id", UUID.class),
                new Money(row.getLong("amount_minor"), row.getString("currency")),
                row.getString("reason"),
                row.getString("requested_by"),
                RefundState.valueOf(row.getString("state")),
                row.getString("provider_refund_id"),
                row.getString("failure"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    /**
     * A refund that is ours until the lease ends.
     *
     * @param calls begun at the provider, this one included
     * @param attempts that failed before
     */
    record Claim(
            UUID id,
            UUID token,
            UUID orderId,
            Money amount,
            @Nullable String providerPaymentId,
            int calls,
            int attempts) {}
}
