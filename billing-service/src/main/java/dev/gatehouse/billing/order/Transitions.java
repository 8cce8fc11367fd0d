package dev.gatehouse.billing.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.gatehouse.billing.outbox.Outbox;
import dev.gatehouse.billing.outbox.OutboxMessage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** Every change of an order's state passes here: row, history and message in the caller's one transaction. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Transitions {

    private static final Logger log = LoggerFactory.getLogger(Transitions.class);

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Orders orders;
    private final Outbox outbox;
    private final OrderSignals signals;
    private final JsonMapper json;

    Transitions(Orders orders, Outbox outbox, OrderSignals signals, JsonMapper json) {
        this.orders = orders;
        this.outbox = outbox;
        this.signals = signals;
        this.json = json;
    }

    /** Announces the state that a new order begins with. */
    Order placed(UUID orderId) {
        return announce(orderId);
    }

    /**
     * Moves the order on.
     *
     * @throws IllegalTransition when the state may not follow
     * @throws LateWriter when the order is not what the caller knows any more
     */
    Order move(Order order, OrderState next, @Nullable RejectionReason reason) {
        orders.move(order, next, reason == null ? order.reason() : reason.word());
        return announce(order.id());
    }

    private Order announce(UUID orderId) {
        Order order = orders.find(orderId).orElseThrow(() -> new OrderNotFound(orderId));
        Transition last = order.history().getLast();
        var event = new OrderStateChanged(
                ids.generate(),
                OrderStateChanged.TYPE,
                OrderStateChanged.SCHEMA_VERSION,
                orderId,
                last.version(),
                last.state(),
                last.reason(),
                last.at());
        outbox.add(new OutboxMessage(
                event.id(),
                orderId,
                event.version(),
                event.type(),
                event.state().routingKey(),
                json.writeValueAsString(event)));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                log.info("Order {} is {} (version {})", orderId, last.state(), last.version());
                signals.signal(orderId);
            }
        });
        return order;
    }
}
