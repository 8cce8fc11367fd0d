package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import org.jspecify.annotations.Nullable;

/** The final answer to a charge: the money was taken, or the customer's means of payment was refused. */
public sealed interface PaymentOutcome {

    /**
     * The provider holds the money, and exactly the amount that was asked.
     *
     * @param providerPaymentId the provider's id of the payment; null only for an order that costs nothing
     */
    record Captured(@Nullable String providerPaymentId, Money amount) implements PaymentOutcome {}

    /**
     * No money was taken and none will be.
     *
     * @param providerPaymentId the provider's id of the refused attempt, when it made one
     * @param reason stable word for machines and statistics, kebab-case (insufficient-funds, card-expired, card-declined, …)
     */
    record Declined(@Nullable String providerPaymentId, String reason) implements PaymentOutcome {}
}
