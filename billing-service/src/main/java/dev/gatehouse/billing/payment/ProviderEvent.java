package dev.gatehouse.billing.payment;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A signed message of the payment provider. It says that something happened, and is never believed about what.
 *
 * @param id names the message; deliveries of the same message share it
 * @param type the provider's name for what happened
 * @param signedAt when this delivery was signed, by the provider's clock
 * @param createdAt when it happened, by the provider's clock
 * @param claim what it says about a payment; null for a type that this service does not know
 */
public record ProviderEvent(
        String id,
        String type,
        Instant signedAt,
        Instant createdAt,
        @Nullable Claim claim) {

    /**
     * What the message says about one payment.
     *
     * @param paymentId the provider's id of the payment
     * @param orderId the order the payment is for; null when it names none
     * @param amountMinor of the whole payment, minor units; null when the message is about something smaller
     * @param currency ISO 4217 code in upper case, unless the provider sent something else
     */
    public record Claim(
            String paymentId,
            @Nullable UUID orderId,
            @Nullable Long amountMinor,
            String currency) {}
}
