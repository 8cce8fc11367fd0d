package dev.gatehouse.billing.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The event that an order reached a state; {@code api/events/order-state-changed.schema.json} is its contract. It
 * points at the order and is not the
 * truth about it: receivers may see it late, twice or after a newer one.
 *
 * @param id the event's identity, the same in every copy
 * @param schemaVersion version of the payload's schema
 * @param version the order's version in that state
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderStateChanged(
        UUID id,
        String type,
        int schemaVersion,
        UUID orderId,
        int version,
        OrderState state,
        @Nullable String reason,
        Instant at) {

    public static final String TYPE = "order-state-changed";
    public static final int SCHEMA_VERSION = 1;
}
