package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refund as the provider reports it.
 *
 * @param paymentId the provider's id of the payment it is of
 * @param refundId our id of it, as the provider was told; null when it names none
 * @param failure why it failed, in the provider's words
 */
public record ProviderRefund(
        String id,
        String paymentId,
        @Nullable UUID refundId,
        Status status,
        Money amount,
        @Nullable String failure) {

    /** What became of it. */
    public enum Status {
        /** An answer that is still to come. */
        PENDING,
        /** The money is on its way back. */
        SUCCEEDED,
        /** It is not, for good. */
        FAILED
    }
}
