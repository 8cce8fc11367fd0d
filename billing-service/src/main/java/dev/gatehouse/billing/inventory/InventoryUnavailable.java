package dev.gatehouse.billing.inventory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * No answer to act on: inventory was not reached, was too slow, is overloaded or answered outside its contract. Whether the
 * request had an effect is unknown; every operation may be repeated safely.
 */
public class InventoryUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public InventoryUnavailable(String detail, Duration retryAfter, @Nullable Throwable cause) {
        super(detail, cause);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before asking again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
