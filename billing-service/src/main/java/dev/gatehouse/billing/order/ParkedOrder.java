package dev.gatehouse.billing.order;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The step that is left of an order, as operators see it.
 *
 * @param state of the order, whose step this is
 * @param attempts failed ones of this step
 * @param startedAt when its outside call was first begun, null when it never was
 * @param dueAt when it is tried next, unless parked
 * @param lastError of the last failed attempt
 * @param parkedAt when it was put aside, null when it is not
 * @param parkedReason why it was put aside
 */
public record ParkedOrder(
        UUID orderId,
        OrderState state,
        int version,
        int attempts,
        @Nullable Instant startedAt,
        Instant dueAt,
        @Nullable String lastError,
        @Nullable Instant parkedAt,
        @Nullable String parkedReason) {}
