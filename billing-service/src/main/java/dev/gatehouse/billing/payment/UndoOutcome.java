package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import org.jspecify.annotations.Nullable;

/** How a payment was undone; after each of them the provider holds no money for the order and never will. */
public sealed interface UndoOutcome {

    /** The provider was never asked, or refused the payment by itself. */
    record NothingToUndo() implements UndoOutcome {}

    /**
     * The authorization (or the unconfirmed attempt) was cancelled before money moved.
     *
     * @param providerPaymentId the provider's id of the cancelled payment
     */
    record Cancelled(String providerPaymentId) implements UndoOutcome {}

    /**
     * Captured money was given back in full.
     *
     * @param refundId the provider's id of the refund, null when it was made outside the platform
     */
    record Refunded(String providerPaymentId, @Nullable String refundId, Money amount) implements UndoOutcome {}
}
