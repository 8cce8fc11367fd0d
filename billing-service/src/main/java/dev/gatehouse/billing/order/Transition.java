package dev.gatehouse.billing.order;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of an order's history.
 *
 * @param version counts an order's transitions from 1, without gaps
 * @param reason why it was rejected, only where it was
 * @param at the database's time of the transaction
 */
public record Transition(
        int version, OrderState state, @Nullable String reason, Instant at) {}
