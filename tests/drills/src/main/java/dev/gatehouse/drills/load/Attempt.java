package dev.gatehouse.drills.load;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One order that a customer wanted: what was asked for, under which key, and every answer. Written by the customer who
 * makes it, read by the checker afterwards.
 */
public final class Attempt {

    private final String key;
    private final UUID film;
    private final int quantity;
    private final long unitPriceMinor;
    private final String paymentMethod;
    private final Instant invokedAt;
    private final List<Try> tries = new CopyOnWriteArrayList<>();
    private volatile Outcome outcome = Outcome.INDETERMINATE;
    private volatile @Nullable UUID orderId;

    /** An order about to be asked for. */
    public Attempt(String key, UUID film, int quantity, long unitPriceMinor, String paymentMethod, Instant invokedAt) {
        this.key = key;
        this.film = film;
        this.quantity = quantity;
        this.unitPriceMinor = unitPriceMinor;
        this.paymentMethod = paymentMethod;
        this.invokedAt = invokedAt;
    }

    /** The idempotency key, without quotes. */
    public String key() {
        return key;
    }

    public UUID film() {
        return film;
    }

    public int quantity() {
        return quantity;
    }

    /** What the order must cost, in minor units. */
    public long totalMinor() {
        return quantity * unitPriceMinor;
    }

    public String paymentMethod() {
        return paymentMethod;
    }

    public Instant invokedAt() {
        return invokedAt;
    }

    /** Every request that was sent for it, in order. */
    public List<Try> tries() {
        return List.copyOf(tries);
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The order that the platform named, null unless it was acknowledged. */
    public @Nullable UUID orderId() {
        return orderId;
    }

    /** Each order the platform named for this key; more than one is a broken promise. */
    public List<UUID> namedOrders() {
        return tries.stream()
                .map(Try::orderId)
                .filter(java.util.Objects::nonNull)
                .map(java.util.Objects::requireNonNull)
                .distinct()
                .toList();
    }

    /** Remembers a request and its answer. */
    public void tried(Try one) {
        tries.add(one);
    }

    /** The platform named the order. */
    public void acknowledged(UUID order) {
        orderId = order;
        outcome = Outcome.ACKNOWLEDGED;
    }

    /** The platform will not take it. */
    public void refused() {
        outcome = Outcome.REFUSED;
    }

    /** What the customer knows in the end. */
    public enum Outcome {
        /** The platform took the order and named it. */
        ACKNOWLEDGED,
        /** The platform said that it will not take it. */
        REFUSED,
        /** No answer that says either; the order may exist. */
        INDETERMINATE
    }

    /**
     * One request and its answer.
     *
     * @param endedAt when the answer was there, or it was given up
     * @param tookMillis from sending to that moment
     * @param status HTTP status, 0 for none
     * @param orderId the order named in the answer
     * @param error what came instead of an answer
     */
    public record Try(
            Instant endedAt,
            long tookMillis,
            int status,
            @Nullable UUID orderId,
            @Nullable String error) {

        /** Whether the customer got what the platform owes: any answer but one that blames the platform. */
        public boolean served() {
            return status != 0 && status < 500;
        }
    }
}
