package dev.gatehouse.billing.order.messaging;

import dev.gatehouse.billing.order.OrderWorker;
import dev.gatehouse.billing.order.ParkedMessages;
import org.springframework.amqp.core.Message;
import tools.jackson.databind.json.JsonMapper;

/** The real listener, called by the simulation's broker. */
public final class SimulatedListener {

    private final OrderStepListener listener;

    public SimulatedListener(OrderWorker worker, ParkedMessages parked, JsonMapper json) {
        this.listener = new OrderStepListener(worker, parked, json);
    }

    public void receive(Message message) throws InterruptedException {
        listener.receive(message);
    }
}
