package dev.gatehouse.billing.order;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Wakes those in this process who wait for an order to change. A signal says only that it is worth looking. */
@Component
public class OrderSignals {

    private final ConcurrentHashMap<UUID, Set<Subscription>> waiting = new ConcurrentHashMap<>();

    /** Something may have happened to the order. */
    public void signal(UUID orderId) {
        waiting.getOrDefault(orderId, Set.of()).forEach(Subscription::wake);
    }

    /** Wakes everybody, for a stop. */
    void signalAll() {
        waiting.values().forEach(subscriptions -> subscriptions.forEach(Subscription::wake));
    }

    /** Signals from now on are kept until awaited: subscribe first, then look. */
    Subscription subscribe(UUID orderId) {
        var subscription = new Subscription(orderId);
        waiting.compute(orderId, (id, present) -> {
            Set<Subscription> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(subscription);
            return all;
        });
        return subscription;
    }

    final class Subscription implements AutoCloseable {

        private final UUID orderId;
        private final Semaphore signals = new Semaphore(0);

        private Subscription(UUID orderId) {
            this.orderId = orderId;
        }

        private void wake() {
            signals.release();
        }

        void await(Duration atMost) throws InterruptedException {
            if (signals.tryAcquire(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS)) {
                signals.drainPermits();
            }
        }

        @Override
        public void close() {
            waiting.computeIfPresent(orderId, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
