package dev.gatehouse.inventory.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Stops asking after some failures in a row, then lets one caller a period try whether it works again. */
final class Breaker {

    private static final int FAILURES_TO_OPEN = 3;

    private final long openForNanos;
    private final LongSupplier nanoTime;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong retryAt = new AtomicLong();

    Breaker(Duration openFor, LongSupplier nanoTime) {
        this.openForNanos = openFor.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether this caller may try; each {@code true} is answered by {@link #succeeded} or {@link #failed}. */
    boolean allows() {
        if (isClosed()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        long at = retryAt.get();
        // The winner moves the time on, so that the others keep away while it tries.
        return now - at >= 0 && retryAt.compareAndSet(at, now + openForNanos);
    }

    boolean isClosed() {
        return failures.get() < FAILURES_TO_OPEN;
    }

    /** @return whether this success closed an open breaker */
    boolean succeeded() {
        return failures.get() != 0 && failures.getAndSet(0) >= FAILURES_TO_OPEN;
    }

    /** @return whether this failure opened the breaker */
    boolean failed() {
        int now = failures.updateAndGet(n -> Math.min(n + 1, FAILURES_TO_OPEN + 1));
        if (now == FAILURES_TO_OPEN) {
            retryAt.set(nanoTime.getAsLong() + openForNanos);
            return true;
        }
        return false;
    }
}
