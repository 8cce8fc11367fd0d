package dev.gatehouse.devstack.payments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment intent at one moment with its latest charge and its refunds; amounts in minor units, times in seconds since
 * 1970, the currency in lower case as on the wire.
 */
record Intent(
        String id,
        long created,
        long amount,
        String currency,
        Status status,
        boolean manualCapture,
        long amountCapturable,
        long amountReceived,
        Map<String, String> metadata,
        @Nullable String description,
        @Nullable String paymentMethod,
        @Nullable Long canceledAt,
        @Nullable String cancellationReason,
        @Nullable Charge charge,
        List<Refund> refunds) {

    Intent authorized(Charge authorization) {
        return with(Status.REQUIRES_CAPTURE, authorization.amount(), 0, authorization);
    }

    /** Money moved; what was authorised beyond it is let go. */
    Intent captured(Charge captured) {
        return with(Status.SUCCEEDED, 0, captured.amountCaptured(), captured);
    }

    Intent declined(Charge failed) {
        return with(Status.REQUIRES_PAYMENT_METHOD, 0, 0, failed);
    }

    Intent processing() {
        return with(Status.PROCESSING, 0, 0, charge);
    }

    Intent paidWith(@Nullable String method) {
        return new Intent(
                id,
                created,
                amount,
                currency,
                status,
                manualCapture,
                amountCapturable,
                amountReceived,
                metadata,
                description,
                method,
                canceledAt,
                cancellationReason,
                charge,
                refunds);
    }

    Intent canceled(long at, @Nullable String reason) {
        Charge released = charge == null || !charge.succeeded() ? charge : charge.released();
        return new Intent(
                id,
                created,
                amount,
                currency,
                Status.CANCELED,
                manualCapture,
                0,
                amountReceived,
                metadata,
                description,
                paymentMethod,
                at,
                reason,
                released,
                refunds);
    }

    Intent refunded(Refund refund) {
        List<Refund> all = new ArrayList<>(refunds);
        all.add(refund);
        return new Intent(
                id,
                created,
                amount,
                currency,
                status,
                manualCapture,
                amountCapturable,
                amountReceived,
                metadata,
                description,
                paymentMethod,
                canceledAt,
                cancellationReason,
                charge,
                List.copyOf(all));
    }

    long amountRefunded() {
        return refunds.stream().mapToLong(Refund::amount).sum();
    }

    @Nullable
    String orderId() {
        return metadata.get("order_id");
    }

    private Intent with(Status next, long capturable, long received, @Nullable Charge latest) {
        return new Intent(
                id,
                created,
                amount,
                currency,
                next,
                manualCapture,
                capturable,
                received,
                metadata,
                description,
                paymentMethod,
                canceledAt,
                cancellationReason,
                latest,
                refunds);
    }

    enum Status {
        REQUIRES_PAYMENT_METHOD,
        REQUIRES_CONFIRMATION,
        PROCESSING,
        REQUIRES_CAPTURE,
        SUCCEEDED,
        CANCELED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An attempt on a card: failed, authorised, captured or let go. */
    record Charge(
            String id,
            long created,
            long amount,
            long amountCaptured,
            boolean succeeded,
            boolean captured,
            boolean letGo,
            String paymentMethod) {

        Charge capture(long captureAmount) {
            return new Charge(id, created, amount, captureAmount, succeeded, true, letGo, paymentMethod);
        }

        Charge released() {
            return new Charge(id, created, amount, amountCaptured, succeeded, captured, true, paymentMethod);
        }
    }

    record Refund(
            String id, long created, long amount, @Nullable String reason, Map<String, String> metadata) {}
}
