package dev.gatehouse.billing.outbox;

import dev.gatehouse.billing.outbox.OutboxPublisher.Outcome;
import dev.gatehouse.billing.outbox.OutboxPublisher.Result;
import dev.gatehouse.billing.outbox.OutboxRows.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Delivers what the outbox holds: claim in one short transaction, publish and wait for confirms in none, mark sent in
 * another. It may be killed at
 * any line; the claim runs out and another relay, or the next start, sends the message again.
 */
@Component
class OutboxRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration RETRY_MIN = Duration.ofMillis(250);

    private final OutboxRows rows;
    private final OutboxPublisher publisher;
    private final Wakeup wakeup;
    private final OutboxProperties properties;
    private volatile boolean running;
    private @Nullable Thread thread;

    OutboxRelay(OutboxRows rows, OutboxPublisher publisher, Wakeup wakeup, OutboxProperties properties) {
        this.rows = rows;
        this.publisher = publisher;
        this.wakeup = wakeup;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("outbox-relay").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        Thread relaying = thread;
        if (relaying != null) {
            relaying.interrupt();
            try {
                relaying.join(properties.confirmTimeout());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Below the web server's: what the last requests write still goes out before the stop. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void run() {
        Duration idle = properties.pollMin();
        int failures = 0;
        try {
            while (running) {
                Round round = relaySafely();
                switch (round) {
                    case IDLE -> {
                        wakeup.await(idle);
                        idle = shorter(idle.multipliedBy(2), properties.pollMax());
                    }
                    case WORKED -> idle = properties.pollMin();
                    case FAILED -> {
                        failures++;
                        // A new message must not shorten this pause, or every order would ring at a closed door.
                        Thread.sleep(backOff(failures, Duration.ofSeconds(3)));
                    }
                }
                failures = round == Round.FAILED ? failures : 0;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Round relaySafely() throws InterruptedException {
        try {
            return relay();
        } catch (RuntimeException e) {
            log.warn("The outbox cannot be relayed at the moment: {}", e.toString());
            return Round.FAILED;
        }
    }

    /** One batch from claim to mark. */
    Round relay() throws InterruptedException {
        UUID claim = UUID.randomUUID();
        List<Claimed> batch = rows.claim(claim, properties.batchSize(), properties.lease());
        if (batch.isEmpty()) {
            return Round.IDLE;
        }
        List<Outcome> outcomes = publisher.publish(batch);
        rows.markSent(outcomes.stream()
                .filter(outcome -> outcome.result() == Result.DELIVERED)
                .map(outcome -> outcome.row().id())
                .toList());
        boolean answered = true;
        for (Outcome outcome : outcomes) {
            if (outcome.result() == Result.REFUSED) {
                log.warn("The broker refused message {}: {}", outcome.row().id(), outcome.reason());
                rows.postpone(
                        outcome.row().id(),
                        claim,
                        backOff(outcome.row().attempts() + 1, properties.retryMax()),
                        outcome.reason());
            } else if (outcome.result() == Result.UNANSWERED) {
                answered = false;
            }
        }
        if (!answered) {
            log.warn("The broker does not answer: {}", outcomes.getLast().reason());
            rows.release(claim);
            return Round.FAILED;
        }
        return Round.WORKED;
    }

    /** Doubles with each failure up to a limit, give or take a fifth, so that instances do not return all at once. */
    private Duration backOff(int failures, Duration max) {
        Duration pause = shorter(RETRY_MIN.multipliedBy(1L << Math.min(failures - 1, 10)), max);
        return Duration.ofMillis((long) (pause.toMillis() * spread()));
    }

    double spread() {
        return ThreadLocalRandom.current().nextDouble(0.8, 1.2);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    enum Round {
        IDLE,
        WORKED,
        FAILED
    }
}
