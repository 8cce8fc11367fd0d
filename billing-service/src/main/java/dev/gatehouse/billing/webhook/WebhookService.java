package dev.gatehouse.billing.webhook;

import dev.gatehouse.billing.order.OrderService;
import dev.gatehouse.billing.order.TooBusy;
import dev.gatehouse.billing.payment.AgreedPayment;
import dev.gatehouse.billing.payment.EventRefused;
import dev.gatehouse.billing.payment.EventRefused.Reason;
import dev.gatehouse.billing.payment.PaymentService;
import dev.gatehouse.billing.payment.ProviderEvent;
import dev.gatehouse.billing.payment.ProviderEvent.Claim;
import dev.gatehouse.billing.payment.ProviderEvents;
import dev.gatehouse.billing.payment.RefundService;
import dev.gatehouse.billing.reconciliation.Difference;
import dev.gatehouse.billing.reconciliation.DifferenceKind;
import dev.gatehouse.billing.reconciliation.Differences;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes what the payment provider tells by itself. A message makes the order's next step due, which then asks the provider;
 * nothing is moved, paid or given back because a message says so.
 */
@Service
public class WebhookService {

    private static final Logger log = LoggerFactory.getLogger(WebhookService.class);

    private final ProviderEvents events;
    private final ReceivedEvents received;
    private final PaymentService payments;
    private final RefundService refunds;
    private final OrderService orders;
    private final Differences differences;
    private final WebhookProperties properties;
    private final TransactionTemplate transaction;
    private final MeterRegistry meters;
    private final Semaphore permits;

    WebhookService(
            ProviderEvents events,
            ReceivedEvents received,
            PaymentService payments,
            RefundService refunds,
            OrderService orders,
            Differences differences,
            WebhookProperties properties,
            TransactionTemplate transaction,
            MeterRegistry meters) {
        this.events = events;
        this.received = received;
        this.payments = payments;
        this.refunds = refunds;
        this.orders = orders;
        this.differences = differences;
        this.properties = properties;
        this.transaction = transaction;
        this.meters = meters;
        this.permits = new Semaphore(properties.maxConcurrent());
    }

    /**
     * Takes a message, once; a repetition changes nothing.
     *
     * @param body at most one byte more than is allowed, as received
     * @param signature the header that carries the signature; null when there was none
     * @throws EventRefused when it is not the provider's, not of now, or cannot be read
     * @throws TooBusy when too many are being worked on
     */
    public void take(byte[] body, @Nullable String signature) {
        try {
            if (body.length > properties.maxBody().toBytes()) {
                throw new EventRefused(
                        Reason.TOO_LARGE,
                        "A message may have " + properties.maxBody().toBytes() + " bytes.");
            }
            ProviderEvent event = events.read(body, signature);
            Outcome outcome = inTurn(event);
            meters.counter("webhooks.received", "outcome", outcome.word()).increment();
        } catch (EventRefused refused) {
            meters.counter("webhooks.refused", "reason", refused.reason().word())
                    .increment();
            // Whoever can reach us can send anything: one line each would be theirs to write.
            log.debug("A webhook was refused ({}): {}", refused.reason().word(), refused.getMessage());
            throw refused;
        }
    }

    private Outcome inTurn(ProviderEvent event) {
        if (!permits.tryAcquire()) {
            throw new TooBusy("More messages arrive at once than can be worked on.");
        }
        try {
            return Objects.requireNonNull(transaction.execute(status -> takeOnce(event)));
        } finally {
            permits.release();
        }
    }

    private Outcome takeOnce(ProviderEvent event) {
        requireRecent(event.signedAt(), received.now());
        if (!received.add(event)) {
            return Outcome.DUPLICATE;
        }
        Outcome outcome = follow(event);
        received.settle(event.id(), outcome);
        log.info("Webhook {} ({}) led to {}", event.id(), event.type(), outcome.word());
        return outcome;
    }

    private void requireRecent(Instant signedAt, Instant now) {
        if (signedAt.isBefore(now.minus(properties.tolerance()))) {
            throw new EventRefused(Reason.TOO_OLD, "It was signed too long ago.");
        }
        if (signedAt.isAfter(now.plus(properties.tolerance()))) {
            throw new EventRefused(Reason.IN_THE_FUTURE, "It was signed at a time that is still to come.");
        }
    }

    private Outcome follow(ProviderEvent event) {
        Claim claim = event.claim();
        if (claim == null) {
            return Outcome.UNKNOWN_TYPE;
        }
        Optional<Difference> difference = contradiction(event.id(), claim);
        if (difference.isPresent()) {
            differences.note(difference.get());
            log.error("A webhook contradicts our books: {}", difference.get());
            return Outcome.DIFFERENCE;
        }
        UUID orderId = Objects.requireNonNull(claim.orderId(), "a claim without an order is a contradiction");
        boolean orderDue = orders.makeDue(orderId);
        boolean refundDue = refunds.makeDue(orderId);
        return orderDue || refundDue ? Outcome.HINT : Outcome.NOTHING_DUE;
    }

    private Optional<Difference> contradiction(String eventId, Claim claim) {
        AgreedPayment agreed = claim.orderId() == null
                ? null
                : payments.agreed(claim.orderId()).orElse(null);
        if (agreed == null) {
            return contradiction(DifferenceKind.UNKNOWN_TO_US, eventId, claim, "no payment", found(claim));
        }
        // Unknown until the answer to the first call is recorded, which a message may overtake.
        String paymentId = agreed.providerPaymentId();
        if (paymentId != null && !paymentId.equals(claim.paymentId())) {
            return contradiction(
                    DifferenceKind.UNKNOWN_TO_US,
                    eventId,
                    claim,
                    "payment " + paymentId,
                    "payment " + claim.paymentId());
        }
        if (!agreed.amount().currency().equals(claim.currency())) {
            return contradiction(
                    DifferenceKind.CURRENCY_DIFFERS,
                    eventId,
                    claim,
                    agreed.amount().toString(),
                    found(claim));
        }
        if (claim.amountMinor() != null
                && claim.amountMinor() != agreed.amount().amountMinor()) {
            return contradiction(
                    DifferenceKind.AMOUNT_DIFFERS,
                    eventId,
                    claim,
                    agreed.amount().toString(),
                    found(claim));
        }
        return Optional.empty();
    }

    private static Optional<Difference> contradiction(
            DifferenceKind kind, String eventId, Claim claim, String expected, String found) {
        return Optional.of(new Difference(kind, claim.orderId(), claim.paymentId(), expected, found, eventId));
    }

    private static String found(Claim claim) {
        String amount = claim.amountMinor() == null ? "?" : claim.amountMinor().toString();
        String text = amount + " " + claim.currency();
        return text.length() > 100 ? text.substring(0, 100) : text;
    }

    @Scheduled(initialDelayString = "PT2M", fixedDelayString = "PT1H")
    void sweep() {
        try {
            received.sweep(properties.retention());
        } catch (DataAccessException away) {
            log.warn("Old webhooks stay until the next sweep: {}", away.toString());
        }
    }
}
