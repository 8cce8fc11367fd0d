package dev.gatehouse.billing.payment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the provider has, for comparing; asking changes nothing. Every method throws {@link PaymentProviderUnavailable} when
 * there is no whole answer.
 */
public interface ProviderRecords {

    /** Every payment that was made between the two moments, by our clock; newest first, in whatever state. */
    List<ProviderPayment> paymentsBetween(Instant from, Instant to);

    /** Every refund that was made between the two moments, by our clock; newest first. */
    List<ProviderRefund> refundsBetween(Instant from, Instant to);

    /** The payment with that id; empty when the provider has none. */
    Optional<ProviderPayment> lookUp(String providerPaymentId);
}
