package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payment as the provider reports it.
 *
 * @param orderId the order the provider was told it is for; null when it names none
 * @param amount what was to be authorized
 * @param captured what was taken
 * @param refunded what was given back of it
 * @param refundId one refund of it, when the provider reports any
 * @param declineReason why the last attempt was refused, as in {@link PaymentOutcome.Declined}
 */
public record ProviderPayment(
        String id,
        @Nullable UUID orderId,
        Status status,
        Money amount,
        Money captured,
        Money refunded,
        @Nullable String refundId,
        @Nullable String declineReason) {

    /** What the provider holds. */
    public enum Status {
        /** Nothing, and nothing is under way: never confirmed, refused, or waiting for the customer. */
        UNCONFIRMED,
        /** An answer that is still to come. */
        PENDING,
        /** A reservation on the customer's account. */
        AUTHORIZED,
        /** The money, unless it was refunded since. */
        CAPTURED,
        /** Nothing, for good. */
        CANCELLED
    }
}
