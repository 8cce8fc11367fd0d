package dev.gatehouse.billing.order;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of orders ended.
 *
 * @param state the filter it was made with; it is good for no other
 */
public record OrderCursor(
        Instant placedAt, UUID id, @Nullable OrderState state) {}
