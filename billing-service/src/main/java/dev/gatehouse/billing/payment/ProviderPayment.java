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
 * @param refundId the latest refund of it, when there is one and it was asked for
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

    /** The same payment with the id of its latest refund. */
    public ProviderPayment refundedBy(@Nullable String latestRefundId) {
        return new ProviderPayment(id, orderId, status, amount, captured, refunded, latestRefundId, declineReason);
    }

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
