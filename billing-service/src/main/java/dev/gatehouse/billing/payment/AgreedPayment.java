package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an order is to pay.
 *
 * @param providerPaymentId the provider's id of the payment, null until the provider has told it
 */
public record AgreedPayment(
        UUID orderId, Money amount, @Nullable String providerPaymentId) {}
