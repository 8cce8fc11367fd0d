package dev.gatehouse.billing.order;

import dev.gatehouse.billing.inventory.ReservationConflict;
import dev.gatehouse.billing.payment.PaymentNeedsOperator;
import dev.gatehouse.billing.payment.PaymentService;
import dev.gatehouse.billing.payment.PaymentUndone;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes an order one step on: claim the step, call, then one transaction that moves the state. It believes the order's
 * row alone, so being called twice,
 * late or out of order does nothing, and being killed anywhere leaves a step that the next caller resumes.
 */
@Service
public class OrderWorker {

    private static final Logger log = LoggerFactory.getLogger(OrderWorker.class);

    private final Orders orders;
    private final OrderSteps steps;
    private final Step step;
    private final Transitions transitions;
    private final PaymentService payments;
    private final OrderProperties properties;
    private final TransactionTemplate transaction;
    private final MeterRegistry meters;
    private final Set<UUID> held = ConcurrentHashMap.newKeySet();

    OrderWorker(
            Orders orders,
            OrderSteps steps,
            Step step,
            Transitions transitions,
            PaymentService payments,
            OrderProperties properties,
            TransactionTemplate transaction,
            MeterRegistry meters) {
        this.orders = orders;
        this.steps = steps;
        this.step = step;
        this.transitions = transitions;
        this.payments = payments;
        this.properties = properties;
        this.transaction = transaction;
        this.meters = meters;
    }

    /**
     * Runs the step of that version of the order, unless it was run, is being run, is parked or must wait.
     *
     * @return what became of it
     * @throws OrderNotFound when there is no such order
     * @throws DataAccessException when the database does not answer; the step is taken up later without further notice
     */
    public Progress advance(UUID orderId, int version) {
        UUID token = UUID.randomUUID();
        Optional<Claim> claim = Optional.ofNullable(transaction.execute(status -> claim(orderId, version, token)));
        if (claim.isEmpty()) {
            return Progress.NOTHING_TO_DO;
        }
        held.add(token);
        try {
            return run(claim.get());
        } finally {
            held.remove(token);
        }
    }

    private @Nullable Claim claim(UUID orderId, int version, UUID token) {
        Optional<Integer> attempts = steps.claim(orderId, version, token);
        Order order = orders.find(orderId).orElseThrow(() -> new OrderNotFound(orderId));
        if (attempts.isEmpty()) {
            return null;
        }
        step.intend(order);
        return new Claim(order, token, attempts.get());
    }

    private Progress run(Claim claim) {
        Order order = claim.order();
        try {
            StepOutcome outcome = step.run(order);
            finish(claim, outcome);
            return Progress.MOVED;
        } catch (LateWriter | PaymentUndone late) {
            return overtaken(claim, late);
        } catch (ReservationConflict | PaymentNeedsOperator | IllegalTransition hopeless) {
            return park(claim, hopeless);
        } catch (RuntimeException failed) {
            return claim.attempts() + 1 >= properties.maxAttempts() ? park(claim, failed) : retry(claim, failed);
        }
    }

    /** The one transaction of a step: state, history, message, payment and ledger, and the next step; or none of it. */
    private void finish(Claim claim, StepOutcome outcome) {
        Order order = claim.order();
        transaction.executeWithoutResult(status -> {
            steps.hold(order.id(), claim.token());
            transitions.move(order, outcome.next(), outcome.reason());
            outcome.record().run();
            if (outcome.next().isFinal()) {
                steps.remove(order.id());
            } else {
                steps.advance(order.id(), order.version() + 1);
            }
        });
    }

    /**
     * The order went on without us, cancelled by its customer or continued by another worker after our lease ran out.
     * Nothing of ours was written; but if it
     * was given up, money that our call may have taken after the compensation goes back.
     */
    private Progress overtaken(Claim claim, RuntimeException late) {
        meters.counter("orders.steps.overtaken").increment();
        UUID orderId = claim.order().id();
        Order now = orders.find(orderId).orElseThrow(() -> new OrderNotFound(orderId));
        if (now.version() == claim.order().version()) {
            return late instanceof PaymentUndone ? park(claim, late) : Progress.NOTHING_TO_DO;
        }
        log.info(
                "Order {} was moved on to {} during our step of version {}",
                orderId,
                now.state(),
                claim.order().version());
        if (now.state().isGivenUp() && claim.order().state() == OrderState.RESERVED) {
            var undone = payments.undo(orderId);
            transaction.executeWithoutResult(status -> payments.recordUndone(orderId, undone));
        }
        steps.letGo(orderId, claim.token());
        return Progress.OVERTAKEN;
    }

    private Progress retry(Claim claim, RuntimeException failed) {
        Duration pause = pause(claim.attempts());
        log.warn(
                "Order {} stays {}, attempt {} failed, next in {} ms: {}",
                claim.order().id(),
                claim.order().state(),
                claim.attempts() + 1,
                pause.toMillis(),
                failed.toString());
        meters.counter("orders.steps.failed", "state", claim.order().state().name())
                .increment();
        if (!(failed instanceof DataAccessException) && !(failed instanceof TransactionException)) {
            steps.retry(claim.order().id(), claim.token(), pause, excerpt(failed));
            return Progress.FAILED;
        }
        // The database may be away; then the lease runs out by itself.
        try {
            steps.retry(claim.order().id(), claim.token(), pause, excerpt(failed));
        } catch (DataAccessException away) {
            log.warn("Order {} waits for its lease to end: {}", claim.order().id(), away.toString());
        }
        return Progress.FAILED;
    }

    private Progress park(Claim claim, RuntimeException hopeless) {
        log.error("Order {} is parked as {}", claim.order().id(), claim.order().state(), hopeless);
        meters.counter("orders.steps.parked", "state", claim.order().state().name())
                .increment();
        steps.park(claim.order().id(), claim.token(), excerpt(hopeless));
        return Progress.PARKED;
    }

    /** Keeps what is being worked on from being taken for abandoned; a stopped or killed process renews nothing. */
    @Scheduled(fixedDelayString = "PT2S")
    void renewLeases() {
        Set<UUID> tokens = Set.copyOf(held);
        if (!tokens.isEmpty()) {
            try {
                steps.renew(tokens);
            } catch (DataAccessException away) {
                log.warn("Leases were not renewed: {}", away.toString());
            }
        }
    }

    private Duration pause(int attempts) {
        long doubled = properties.retryMin().toMillis() << Math.min(attempts, 20);
        long capped = Math.min(doubled, properties.retryMax().toMillis());
        return Duration.ofMillis((long) (capped * spread()));
    }

    /** Give or take a fifth, so that what failed together does not return together. */
    double spread() {
        return ThreadLocalRandom.current().nextDouble(0.8, 1.2);
    }

    private static String excerpt(Throwable error) {
        String text = error.getClass().getSimpleName() + ": " + error.getMessage();
        return text.length() > 500 ? text.substring(0, 500) : text;
    }

    /** What a call came to. */
    public enum Progress {
        MOVED,
        NOTHING_TO_DO,
        OVERTAKEN,
        FAILED,
        PARKED
    }

    private record Claim(Order order, UUID token, int attempts) {}
}
