package dev.gatehouse.billing.reconciliation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that two books do not agree about.
 *
 * @param orderId the order it is about; null when it belongs to none
 * @param providerPaymentId the provider's payment it is about; null when there is none
 * @param expected what our books say
 * @param found what was found instead
 * @param eventId the provider's message that claims it; null when a comparison found it
 */
public record Difference(
        DifferenceKind kind,
        @Nullable UUID orderId,
        @Nullable String providerPaymentId,
        String expected,
        String found,
        @Nullable String eventId) {

    /** What a comparison found. */
    static Difference of(
            DifferenceKind kind,
            @Nullable UUID orderId,
            @Nullable String providerPaymentId,
            Object expected,
            Object found) {
        return new Difference(kind, orderId, providerPaymentId, expected.toString(), found.toString(), null);
    }
}
