package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The outside system that moves money. Every effect carries a key derived from the order id, so a repeated call has one
 * effect; every method throws {@link PaymentProviderUnavailable} when its outcome is unknown and {@link
 * PaymentProviderMisconfigured} when repeating cannot help.
 */
public interface PaymentProvider {

    /**
     * Reserves the amount on the customer's account.
     *
     * @throws PaymentRefused final
     */
    ProviderPayment authorize(UUID orderId, Money amount, String paymentMethod);

    /**
     * Uses up the key of {@link #authorize} without reserving anything, so that an authorization still on its way can have no
     * effect.
     *
     * @return the blank payment that now has the key; empty when an authorization was there first
     * @throws PaymentRefused when the provider accepts no payment of this amount at all
     */
    Optional<ProviderPayment> block(UUID orderId, Money amount);

    /**
     * Takes the reserved money.
     *
     * @return the payment as it is afterwards, also when it could not be captured any more
     * @throws PaymentRefused final
     */
    ProviderPayment capture(UUID orderId, String providerPaymentId, Money amount);

    /** Gives the reservation up. Returns the payment as it is afterwards, also when it could not be cancelled any more. */
    ProviderPayment cancel(UUID orderId, String providerPaymentId);

    /**
     * Gives captured money back. Returns the payment as it is afterwards.
     *
     * @param amount at most what was captured and not refunded
     */
    ProviderPayment refund(UUID orderId, String providerPaymentId, Money amount);

    /**
     * Gives a part of captured money back, under a key of the refund's own.
     *
     * @param refundId our id of the refund, which the provider is told
     * @return the refund, also when it failed
     * @throws PaymentNeedsOperator when the provider says that so much is not left
     */
    ProviderRefund refundPart(UUID refundId, UUID orderId, String providerPaymentId, Money amount);

    /** The refund with our id among those of the payment. */
    Optional<ProviderRefund> findRefund(String providerPaymentId, UUID refundId);

    ProviderPayment retrieve(String providerPaymentId);

    /**
     * The order's payment, found by the order id it carries.
     *
     * @param from the earliest moment it can have been made, by our clock
     * @param to the latest such moment
     */
    Optional<ProviderPayment> find(UUID orderId, Instant from, Instant to);
}
