package dev.gatehouse.billing.reconciliation;

import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.OrderState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What our own books say about an order, all of one moment.
 *
 * @param payment null when it never came to that
 * @param soldMinor what the ledger says was sold, minor units
 * @param givenBackMinor what the ledger says was given back, minor units
 * @param parkedReason why nobody works on it; null when nobody gave it up
 */
record BookedOrder(
        UUID id,
        OrderState state,
        Money total,
        @Nullable BookedPayment payment,
        long soldMinor,
        long givenBackMinor,
        @Nullable String parkedReason) {

    /**
     * The payment's row.
     *
     * @param state as in the table
     * @param refundedMinor what went back after the sale, minor units
     */
    record BookedPayment(
            String state, Money amount, @Nullable String providerPaymentId, long refundedMinor) {

        boolean isCaptured() {
            return state.equals("CAPTURED");
        }

        boolean isRefunded() {
            return state.equals("REFUNDED");
        }

        /** Whether the provider must have it. */
        boolean isAtProvider() {
            return isCaptured() || isRefunded() || state.equals("AUTHORIZED");
        }
    }
}
