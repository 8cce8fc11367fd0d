package dev.gatehouse.devstack.payments;

import org.jspecify.annotations.Nullable;

/**
 * An event of the simulator and how its delivery stands.
 *
 * @param id {@code evt_…}
 * @param type Stripe's name, such as {@code payment_intent.succeeded}
 * @param paymentIntent the intent it is about
 * @param orderId the intent's metadata {@code order_id}
 * @param attempts how many deliveries were tried
 * @param delivered whether one was answered with 2xx
 * @param lastAnswer the HTTP status or the failure of the latest attempt
 */
public record WebhookEvent(
        String id,
        String type,
        String paymentIntent,
        @Nullable String orderId,
        int attempts,
        boolean delivered,
        @Nullable String lastAnswer) {}
