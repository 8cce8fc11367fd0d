package dev.gatehouse.devstack.payments;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fault that waits for its requests. The first plan that matches a request is used, in the order they were made.
 *
 * @param operation which requests
 * @param fault what goes wrong
 * @param orderId only requests about intents with this {@code order_id} in their metadata, null for all
 * @param times how many requests are hit before the plan is used up, {@link Integer#MAX_VALUE} for all
 * @param every 1 hits each matching request, 3 each third
 * @param delay how late, for {@link Fault#DELAY} and {@link Fault#LATE_WEBHOOKS}
 * @param copies how many deliveries of each webhook, for {@link Fault#DUPLICATE_WEBHOOKS}
 * @param amountDelta minor units added, for {@link Fault#WRONG_AMOUNT}
 */
public record FaultPlan(
        Operation operation,
        Fault fault,
        @Nullable String orderId,
        int times,
        int every,
        Duration delay,
        int copies,
        long amountDelta) {

    /** Checks the numbers. */
    public FaultPlan {
        if (times < 1 || every < 1 || copies < 1 || delay.isNegative()) {
            throw new IllegalArgumentException("times, every and copies are at least 1 and delay is not negative");
        }
    }

    /** The fault hits the next request of this operation, once. */
    public static FaultPlan once(Operation operation, Fault fault) {
        return new FaultPlan(operation, fault, null, 1, 1, Duration.ofSeconds(5), 2, -1);
    }

    /** The fault hits every request of this operation until it is cleared. */
    public static FaultPlan always(Operation operation, Fault fault) {
        return once(operation, fault).times(Integer.MAX_VALUE);
    }

    /** Only requests about this order. */
    public FaultPlan order(String order) {
        return new FaultPlan(operation, fault, order, times, every, delay, copies, amountDelta);
    }

    /** So many requests are hit. */
    public FaultPlan times(int count) {
        return new FaultPlan(operation, fault, orderId, count, every, delay, copies, amountDelta);
    }

    /** Each n-th matching request is hit. */
    public FaultPlan every(int nth) {
        return new FaultPlan(operation, fault, orderId, times, nth, delay, copies, amountDelta);
    }

    /** How late the answer comes. */
    public FaultPlan delay(Duration late) {
        return new FaultPlan(operation, fault, orderId, times, every, late, copies, amountDelta);
    }

    /** How many deliveries of each webhook. */
    public FaultPlan copies(int count) {
        return new FaultPlan(operation, fault, orderId, times, every, delay, count, amountDelta);
    }

    /** The difference to the asked amount, in minor units. */
    public FaultPlan amountDelta(long minor) {
        return new FaultPlan(operation, fault, orderId, times, every, delay, copies, minor);
    }
}
