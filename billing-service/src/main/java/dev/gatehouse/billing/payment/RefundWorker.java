package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.ledger.Ledger;
import dev.gatehouse.billing.payment.Refunds.Claim;
import dev.gatehouse.billing.trace.Trace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives money back, once for each refund: claim it, call the provider under a key of its own, then one transaction with
 * refund, payment and ledger. Whoever comes after an answer that was lost asks the provider first.
 */
@Component
class RefundWorker {

    private static final Logger log = LoggerFactory.getLogger(RefundWorker.class);

    private final Refunds refunds;
    private final PaymentProvider provider;
    private final Ledger ledger;
    private final RefundProperties properties;
    private final TransactionTemplate transaction;
    private final MeterRegistry meters;
    private final Semaphore permits;
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();
    private volatile long parked;

    RefundWorker(
            Refunds refunds,
            PaymentProvider provider,
            Ledger ledger,
            RefundProperties properties,
            TransactionTemplate transaction,
            MeterRegistry meters) {
        this.refunds = refunds;
        this.provider = provider;
        this.ledger = ledger;
        this.properties = properties;
        this.transaction = transaction;
        this.meters = meters;
        this.permits = new Semaphore(properties.concurrency());
        Gauge.builder("refunds.parked", () -> parked)
                .description("Refunds put aside until an operator decides")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "PT0.25S")
    void drive() throws InterruptedException {
        try {
            for (UUID due : refunds.due(4 * properties.concurrency())) {
                if (running.add(due)) {
                    permits.acquire();
                    Thread.ofVirtual().name("refund").start(() -> drive(due));
                }
            }
        } catch (DataAccessException away) {
            log.warn("Due refunds cannot be read at the moment: {}", away.toString());
        }
    }

    private void drive(UUID due) {
        try (var scope = Trace.continued(null).enter()) {
            advance(due);
        } catch (RuntimeException failed) {
            log.warn("Refund {} is taken up again later: {}", due, failed.toString());
        } finally {
            running.remove(due);
            permits.release();
        }
    }

    /** Works on the refund, unless it is done, parked, somebody's, or must wait. */
    void advance(UUID id) {
        Optional<Claim> claim = refunds.claim(id, UUID.randomUUID(), properties.lease());
        claim.ifPresent(this::run);
    }

    private void run(Claim claim) {
        try {
            ProviderRefund answer = verified(claim, ask(claim));
            switch (answer.status()) {
                case SUCCEEDED -> settle(claim, RefundState.SUCCEEDED, answer);
                case FAILED -> settle(claim, RefundState.FAILED, answer);
                case PENDING ->
                    refunds.later(claim, properties.retryMax(), 0, "The provider has not decided on " + answer.id());
            }
        } catch (PaymentNeedsOperator hopeless) {
            park(claim, hopeless);
        } catch (RuntimeException failed) {
            if (claim.attempts() + 1 >= properties.maxAttempts()) {
                park(claim, failed);
            } else {
                retry(claim, failed);
            }
        }
    }

    private ProviderRefund ask(Claim claim) {
        String paymentId =
                Objects.requireNonNull(claim.providerPaymentId(), "a captured payment has the provider's id");
        // The provider replays a stored 500 under its key for ever, and forgets keys after a day; what it lists is
        // true.
        Optional<ProviderRefund> earlier =
                claim.calls() == 1 ? Optional.empty() : provider.findRefund(paymentId, claim.id());
        return earlier.orElseGet(() -> provider.refundPart(claim.id(), claim.orderId(), paymentId, claim.amount()));
    }

    private static ProviderRefund verified(Claim claim, ProviderRefund answer) {
        if (!claim.id().equals(answer.refundId()) || !claim.amount().equals(answer.amount())) {
            throw new PaymentMismatch("The provider gave " + answer.amount() + " back with " + answer.id()
                    + " for refund " + answer.refundId() + "; asked was refund " + claim.id() + " of "
                    + claim.amount());
        }
        return answer;
    }

    private void settle(Claim claim, RefundState end, ProviderRefund answer) {
        boolean settled = Boolean.TRUE.equals(transaction.execute(status -> {
            if (!refunds.settle(claim, end, answer.id(), answer.failure())) {
                return false;
            }
            if (end == RefundState.SUCCEEDED) {
                ledger.postRefund("refund-" + claim.id(), claim.orderId(), claim.amount());
            }
            return true;
        }));
        if (settled) {
            meters.counter("refunds.ended", "state", end.name()).increment();
            log.info("Refund {} of order {} is {} (provider id {})", claim.id(), claim.orderId(), end, answer.id());
        } else {
            log.info("Refund {} was ended by somebody else after our lease ran out", claim.id());
        }
    }

    private void retry(Claim claim, RuntimeException failed) {
        long doubled = properties.retryMin().toMillis() << Math.min(claim.attempts(), 20);
        long capped = Math.min(doubled, properties.retryMax().toMillis());
        Duration pause =
                Duration.ofMillis((long) (capped * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
        log.warn(
                "Refund {}: attempt {} failed, next in {} ms: {}",
                claim.id(),
                claim.attempts() + 1,
                pause.toMillis(),
                failed.toString());
        meters.counter("refunds.failed").increment();
        refunds.later(claim, pause, 1, excerpt(failed));
    }

    private void park(Claim claim, RuntimeException hopeless) {
        log.error("Refund {} of order {} is parked", claim.id(), claim.orderId(), hopeless);
        refunds.park(claim, excerpt(hopeless));
    }

    @Scheduled(fixedDelayString = "PT5S")
    void measure() {
        try {
            parked = refunds.parked();
        } catch (DataAccessException away) {
            log.warn("Parked refunds were not counted: {}", away.toString());
        }
    }

    private static String excerpt(Throwable error) {
        String text = error.getClass().getSimpleName() + ": " + error.getMessage();
        return text.length() > 500 ? text.substring(0, 500) : text;
    }
}
