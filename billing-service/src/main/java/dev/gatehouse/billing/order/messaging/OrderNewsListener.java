package dev.gatehouse.billing.order.messaging;

import dev.gatehouse.billing.order.OrderSignals;
import dev.gatehouse.billing.order.messaging.OrderPointer.Unreadable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Wakes those who wait here for an order that another instance worked on. */
@Component
class OrderNewsListener {

    private final OrderSignals signals;
    private final JsonMapper json;

    OrderNewsListener(OrderSignals signals, JsonMapper json) {
        this.signals = signals;
        this.json = json;
    }

    @RabbitListener(id = "order-news", queues = "#{orderNewsQueue.name}", concurrency = "1")
    void receive(Message message) {
        try {
            signals.signal(OrderPointer.of(message, json).orderId());
        } catch (Unreadable poison) {
            // The other listener keeps it.
        }
    }
}
