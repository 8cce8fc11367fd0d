package dev.gatehouse.devstack.payments;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the provider's ledger: one movement of money, written to the disk before it was answered.
 *
 * @param sequence grows with each line; numbers may be left out
 * @param at the provider's clock
 * @param effect what happened
 * @param paymentIntent the intent, {@code pi_…}
 * @param charge the charge, {@code ch_…}, absent for an intent cancelled before any
 * @param refund the refund, {@code re_…}, only for {@link Effect#REFUNDED}
 * @param amountMinor the amount that moved, in the currency's minor units
 * @param currency ISO 4217, in upper case
 * @param orderId the intent's metadata {@code order_id}
 * @param idempotencyKey the key of the request that caused it
 * @param metadata the intent's metadata
 */
public record JournalEntry(
        long sequence,
        Instant at,
        Effect effect,
        String paymentIntent,
        @Nullable String charge,
        @Nullable String refund,
        long amountMinor,
        String currency,
        @Nullable String orderId,
        @Nullable String idempotencyKey,
        Map<String, String> metadata) {}
