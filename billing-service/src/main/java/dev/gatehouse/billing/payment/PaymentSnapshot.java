package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far an order's payment got, for people.
 *
 * @param state the word of the state, such as CAPTURED
 * @param calls how often a charge was started; zero means the provider cannot know the order
 * @param lastCalledAt when the last charge was started, by the database clock
 */
public record PaymentSnapshot(
        String state,
        Money amount,
        @Nullable String providerPaymentId,
        @Nullable String refundId,
        @Nullable String declineReason,
        int calls,
        @Nullable Instant lastCalledAt) {

    static PaymentSnapshot of(Payment payment) {
        return new PaymentSnapshot(
                payment.state().name(),
                payment.amount(),
                payment.providerPaymentId(),
                payment.refundId(),
                payment.declineReason(),
                payment.calls(),
                payment.lastCalledAt());
    }
}
