package dev.gatehouse.billing.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.gatehouse.billing.order.Orders.Position;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Taking orders in, looking at them, and giving them up. */
@Service
public class OrderService {

    /** How long nobody looks when no signal comes: the fallback of a missed message. */
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Connections that all who wait share. */
    private static final int LOOKING = 2;

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Orders orders;
    private final OrderSteps steps;
    private final Transitions transitions;
    private final OrderSignals signals;
    private final Semaphore waiting;
    private final Semaphore looking = new Semaphore(LOOKING);

    OrderService(
            Orders orders,
            OrderSteps steps,
            Transitions transitions,
            OrderSignals signals,
            OrderProperties properties) {
        this.orders = orders;
        this.steps = steps;
        this.transitions = transitions;
        this.signals = signals;
        this.waiting = new Semaphore(properties.maxWaiting());
    }

    /**
     * Takes the order in: everything it needs to reach its end, in one transaction, with no call to anybody.
     *
     * @param lines distinct films in one currency, at the prices the customer agreed to
     * @param paymentMethod the provider's token
     */
    @Transactional
    public Order place(String customer, List<OrderLine> lines, String paymentMethod) {
        UUID id = ids.generate();
        orders.insert(id, customer, lines, Order.total(lines), paymentMethod);
        steps.add(id);
        return transitions.placed(id);
    }

    /**
     * @param customer whose order it must be, null for an operator
     * @throws OrderNotFound also when it is somebody else's
     */
    @Transactional(readOnly = true)
    public Order find(UUID id, @Nullable String customer) {
        return orders.find(id)
                .filter(order -> customer == null || order.customer().equals(customer))
                .orElseThrow(() -> new OrderNotFound(id));
    }

    /**
     * A page of orders, newest first.
     *
     * @param customer whose orders, null for everybody's
     * @param state only those in this state
     * @param cursor where the page before ended
     * @param limit most orders in the page
     */
    @Transactional(readOnly = true)
    public OrderPage page(
            @Nullable String customer, @Nullable OrderState state, @Nullable OrderCursor cursor, int limit) {
        List<Order> found = orders.page(
                customer, state, cursor == null ? null : new Position(cursor.placedAt(), cursor.id()), limit + 1);
        if (found.size() <= limit) {
            return new OrderPage(found, null);
        }
        List<Order> page = found.subList(0, limit);
        Order last = page.getLast();
        return new OrderPage(page, new OrderCursor(last.placedAt(), last.id(), state));
    }

    /**
     * Gives the order up. Repeating it changes nothing.
     *
     * @throws OrderNotFound also when it is somebody else's
     * @throws OrderNotCancellable when it is final, being rejected, or its sale is being confirmed
     */
    @Transactional
    public Order cancel(UUID id, String customer) {
        find(id, customer);
        boolean started = steps.hasStarted(id);
        // Read again under the step's lock: nobody moves the order from here on.
        Order order = find(id, customer);
        switch (order.state()) {
            case CANCELLING, CANCELLED -> {
                return order;
            }
            case CONFIRMED, RELEASING, REJECTED -> throw new OrderNotCancellable("The order is " + order.state() + ".");
            case PAID -> {
                if (started) {
                    throw new OrderNotCancellable("The order is paid and its stock is being sold.");
                }
            }
            case PLACED, RESERVED -> {
                // Whatever its step has begun is undone once the step has ended.
            }
        }
        steps.replace(id, order.version() + 1);
        return transitions.move(order, OrderState.CANCELLING, null);
    }

    /**
     * Lets the order's next step begin now instead of later, because there is news of it; changes nothing else, and
     * belongs to the caller's transaction.
     *
     * @return false when there is no step to begin: the order is final or unknown, parked, or being worked on
     */
    @Transactional
    public boolean makeDue(UUID id) {
        return steps.makeDue(id);
    }

    /**
     * Waits until the order is final or the time is over, holding no connection; returns at once when too many wait
     * already.
     *
     * @throws OrderNotFound also when it is somebody else's
     */
    public Awaited await(UUID id, @Nullable String customer, Duration atMost) throws InterruptedException {
        if (!waiting.tryAcquire()) {
            return new Awaited(find(id, customer), false);
        }
        try (var subscription = signals.subscribe(id)) {
            long deadline = System.nanoTime() + atMost.toNanos();
            Order order = find(id, customer);
            while (!order.state().isFinal() && System.nanoTime() < deadline) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                subscription.await(left.compareTo(POLL) < 0 ? left : POLL);
                order = newer(order);
            }
            return new Awaited(order, true);
        } finally {
            waiting.release();
        }
    }

    /** The order as it is now, read only if it has moved; few look at a time, since many may wait. */
    Order newer(Order known) throws InterruptedException {
        looking.acquire();
        try {
            boolean moved = orders.version(known.id())
                    .filter(version -> version != known.version())
                    .isPresent();
            return moved ? orders.find(known.id()).orElse(known) : known;
        } finally {
            looking.release();
        }
    }

    /** What a wait ended with, and whether there was one. */
    public record Awaited(Order order, boolean waited) {}
}
