package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Money of a confirmed order that goes back to its customer.
 *
 * @param requestedBy the operator's subject
 * @param providerRefundId the provider's id of it, once it is known
 * @param failure why the provider could not, in its words
 */
public record Refund(
        UUID id,
        UUID orderId,
        Money amount,
        @Nullable String reason,
        String requestedBy,
        RefundState state,
        @Nullable String providerRefundId,
        @Nullable String failure,
        Instant createdAt,
        Instant updatedAt) {}
