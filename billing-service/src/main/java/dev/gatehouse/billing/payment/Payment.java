package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The payment of one order as the platform knows it.
 *
 * @param calls how often a charge was started; zero means the provider cannot know the order
 * @param firstCalledAt when the first charge was started, by the database clock
 * @param lastCalledAt when the last charge was started, by the database clock
 * @param keysForgotten whether the first call is so old that the provider may have forgotten its idempotency key
 */
record Payment(
        UUID orderId,
        Money amount,
        String paymentMethod,
        PaymentState state,
        @Nullable String providerPaymentId,
        @Nullable String refundId,
        @Nullable String declineReason,
        int calls,
        @Nullable Instant firstCalledAt,
        @Nullable Instant lastCalledAt,
        boolean keysForgotten) {}
