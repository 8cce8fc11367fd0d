package dev.gatehouse.gateway.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps repeats from becoming the load that keeps a service down: each request earns a share of a repeat, each repeat costs
 * a whole one, and no more than the reserve is ever saved.
 */
final class RetryBudget {

    private static final long WHOLE = 1_000;

    private final long earned;
    private final long most;
    private final AtomicLong saved;

    RetryBudget(double share, int reserve) {
        this.earned = Math.round(share * WHOLE);
        this.most = reserve * WHOLE;
        this.saved = new AtomicLong(most);
    }

    /** A request that is not a repeat. */
    void earn() {
        saved.updateAndGet(now -> Math.min(most, now + earned));
    }

    /** Whether another repeat may be made; if so it is paid for. */
    boolean spend() {
        return saved.getAndUpdate(now -> now >= WHOLE ? now - WHOLE : now) >= WHOLE;
    }
}
