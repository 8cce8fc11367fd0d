package dev.gatehouse.billing.order;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells somebody every state of an order from a version on, each once and in order, as it comes. */
@Component
public class OrderFollower {

    /** Messages may be missed while the broker is away; then news is this late. */
    private static final Duration POLL = Duration.ofSeconds(2);

    private final OrderService service;
    private final OrderSignals signals;
    private volatile boolean stopping;

    OrderFollower(OrderService service, OrderSignals signals) {
        this.service = service;
        this.signals = signals;
    }

    /**
     * Follows until the order is final, the listener has enough, the time is over or the service stops.
     *
     * @param after the last version the listener knows
     */
    public void follow(UUID id, @Nullable String customer, int after, Duration atMost, Listener listener)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        int told = after;
        try (var subscription = signals.subscribe(id)) {
            Order order = service.find(id, customer);
            while (!stopping && System.nanoTime() < deadline) {
                int known = told;
                List<Transition> news = order.history().stream()
                        .filter(transition -> transition.version() > known)
                        .toList();
                for (Transition transition : news) {
                    listener.changed(transition);
                    told = transition.version();
                }
                if (order.state().isFinal()) {
                    return;
                }
                listener.idle();
                subscription.await(POLL);
                order = service.newer(order);
            }
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        signals.signalAll();
    }

    /** Somebody who wants to know; ends the following by throwing. */
    public interface Listener {

        void changed(Transition transition);

        /** Called every few seconds between changes. */
        void idle();
    }
}
