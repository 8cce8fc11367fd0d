package dev.gatehouse.billing.order;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The work that is left: who works on an order's present step, how often it failed, when it is due. All by the
 * database's clock; a token fences off
 * whoever lost the lease without noticing.
 */
@Repository
class OrderSteps {

    private static final String AFTER = "now() + :%s * interval '1 millisecond'";

    private final JdbcClient jdbc;
    private final OrderProperties properties;

    OrderSteps(JdbcClient jdbc, OrderProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /** Gives a new order its first step. */
    void add(UUID orderId) {
        jdbc.sql("INSERT INTO order_steps (order_id, version, due_at)" + " VALUES (:orderId, 1, "
                        + AFTER.formatted("patience") + ")")
                .param("orderId", orderId)
                .param("patience", properties.patience().toMillis())
                .update();
    }

    /**
     * Takes the order's present step, and writes in the same statement that its outside call begins.
     *
     * @return how often the step has failed; empty when it is not the version's step any more, is somebody's, is
     *     parked, or is waiting for another attempt
     */
    Optional<Integer> claim(UUID orderId, int version, UUID token) {
        return jdbc.sql("""
                        UPDATE order_steps
                        SET lease_token = :token, lease_until = %1$s, due_at = %1$s,
                            started_at = coalesce(started_at, now())
                        WHERE order_id = :orderId AND version = :version
                          AND parked_at IS NULL
                          AND (lease_until IS NULL OR lease_until <= now())
                          AND (attempts = 0 OR due_at <= now())
                        RETURNING attempts""".formatted(AFTER.formatted("lease")))
                .param("token", token)
                .param("lease", properties.lease().toMillis())
                .param("orderId", orderId)
                .param("version", version)
                .query(Integer.class)
                .optional();
    }

    /** Extends the leases that are still held; one that ran out stays lost. */
    void renew(Collection<UUID> tokens) {
        jdbc.sql("""
                        UPDATE order_steps SET lease_until = %1$s, due_at = %1$s
                        WHERE lease_token = ANY (:tokens::uuid[])
                          AND lease_until > now()""".formatted(AFTER.formatted("lease")))
                .param("lease", properties.lease().toMillis())
                .param("tokens", tokens.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }

    /**
     * Locks the step for the transaction that ends it.
     *
     * @throws LateWriter when it belongs to somebody else by now
     */
    void hold(UUID orderId, UUID token) {
        boolean ours = jdbc.sql(
                        "SELECT true FROM order_steps WHERE order_id = :orderId AND lease_token = :token FOR UPDATE")
                .param("orderId", orderId)
                .param("token", token)
                .query(Boolean.class)
                .optional()
                .isPresent();
        if (!ours) {
            throw new LateWriter(orderId);
        }
    }

    /** The step is done and the next one can begin. */
    void advance(UUID orderId, int version) {
        jdbc.sql("""
                        UPDATE order_steps
                        SET version = :version, attempts = 0, started_at = NULL, due_at = %s,
                            lease_token = NULL, lease_until = NULL, last_error = NULL,
                            parked_at = NULL, parked_reason = NULL
                        WHERE order_id = :orderId""".formatted(AFTER.formatted("patience")))
                .param("version", version)
                .param("patience", properties.patience().toMillis())
                .param("orderId", orderId)
                .update();
    }

    /** No step is left. */
    void remove(UUID orderId) {
        jdbc.sql("DELETE FROM order_steps WHERE order_id = :orderId")
                .param("orderId", orderId)
                .update();
    }

    /**
     * Replaces the present step by another, for a customer who gives up. Whoever works on the old one keeps the lease
     * until it notices: the compensation
     * does not run beside the call it compensates.
     */
    void replace(UUID orderId, int version) {
        jdbc.sql("""
                        UPDATE order_steps
                        SET version = :version, attempts = 0, started_at = NULL, last_error = NULL,
                            parked_at = NULL, parked_reason = NULL,
                            due_at = CASE WHEN lease_until > now() THEN lease_until ELSE %s END
                        WHERE order_id = :orderId""".formatted(AFTER.formatted("patience")))
                .param("version", version)
                .param("patience", properties.patience().toMillis())
                .param("orderId", orderId)
                .update();
    }

    /** Whether the present step's outside call may have begun; locks the step, so that it cannot begin meanwhile. */
    boolean hasStarted(UUID orderId) {
        return jdbc.sql("SELECT started_at IS NOT NULL FROM order_steps WHERE order_id = :orderId FOR UPDATE")
                .param("orderId", orderId)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** Gives the step back and tries again after the pause. */
    void retry(UUID orderId, UUID token, Duration pause, String error) {
        jdbc.sql("""
                        UPDATE order_steps
                        SET attempts = attempts + 1, due_at = %s, lease_until = NULL, last_error = :error
                        WHERE order_id = :orderId AND lease_token = :token""".formatted(AFTER.formatted("pause")))
                .param("pause", pause.toMillis())
                .param("error", error)
                .param("orderId", orderId)
                .param("token", token)
                .update();
    }

    /** Puts the step aside until an operator decides. */
    void park(UUID orderId, UUID token, String reason) {
        jdbc.sql("""
                        UPDATE order_steps
                        SET attempts = attempts + 1, lease_until = NULL, last_error = :reason,
                            parked_at = now(), parked_reason = :reason
                        WHERE order_id = :orderId AND lease_token = :token""")
                .param("reason", reason)
                .param("orderId", orderId)
                .param("token", token)
                .update();
    }

    /** Gives the step back for whoever comes next, at once. */
    void letGo(UUID orderId, UUID token) {
        jdbc.sql("UPDATE order_steps SET lease_until = NULL, due_at = now()"
                        + " WHERE order_id = :orderId AND lease_token = :token")
                .param("orderId", orderId)
                .param("token", token)
                .update();
    }

    /** Lets the step be due now, unless it is parked or somebody's. */
    boolean makeDue(UUID orderId) {
        return jdbc.sql("""
                                UPDATE order_steps SET due_at = least(due_at, now())
                                WHERE order_id = :orderId AND parked_at IS NULL
                                  AND (lease_until IS NULL OR lease_until <= now())""").param("orderId", orderId).update() == 1;
    }

    /**
     * Steps whose time has come and that are nobody's: retries, the work of killed workers, and messages that got lost.
     */
    List<Due> due(int atMost) {
        return jdbc.sql("""
                        SELECT order_id, version
                        FROM order_steps
                        WHERE parked_at IS NULL AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
                        ORDER BY due_at
                        LIMIT :atMost""")
                .param("atMost", atMost)
                .query((row, number) -> new Due(row.getObject("order_id", UUID.class), row.getInt("version")))
                .list();
    }

    record Due(UUID orderId, int version) {}
}
