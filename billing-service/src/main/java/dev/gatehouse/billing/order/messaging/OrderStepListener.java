package dev.gatehouse.billing.order.messaging;

import dev.gatehouse.billing.order.OrderNotFound;
import dev.gatehouse.billing.order.OrderWorker;
import dev.gatehouse.billing.order.ParkedMessages;
import dev.gatehouse.billing.order.ParkedMessages.Letter;
import dev.gatehouse.billing.order.messaging.OrderPointer.Unreadable;
import dev.gatehouse.billing.trace.Trace;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the step a message points at. Whatever comes of it, the message has served: what failed is due again in
 * PostgreSQL, so the message is acknowledged
 * and never comes back. Only a message that cannot be understood is worth keeping.
 */
@Component
class OrderStepListener {

    private static final Logger log = LoggerFactory.getLogger(OrderStepListener.class);

    private final OrderWorker worker;
    private final ParkedMessages parked;
    private final JsonMapper json;
    private volatile boolean stopping;

    OrderStepListener(OrderWorker worker, ParkedMessages parked, JsonMapper json) {
        this.worker = worker;
        this.parked = parked;
        this.json = json;
    }

    @RabbitListener(id = "order-steps", queues = OrderTopology.STEPS)
    void receive(Message message) throws InterruptedException {
        String traceparent =
                message.getMessageProperties().getHeader(Trace.HEADER) instanceof String text ? text : null;
        try (var scope = Trace.continued(traceparent).enter()) {
            OrderPointer pointer = OrderPointer.of(message, json);
            worker.advance(pointer.orderId(), pointer.version());
        } catch (Unreadable poison) {
            park(message, poison.reason(), String.valueOf(poison.getMessage()));
        } catch (OrderNotFound unknown) {
            park(message, "unknown-order", String.valueOf(unknown.getMessage()));
        } catch (RuntimeException failed) {
            log.warn("A step failed outside its own handling and is taken up again when due: {}", failed.toString());
        }
    }

    /**
     * Not acknowledged before it is kept: while the database is away the message waits here, which also slows the queue
     * down.
     */
    private void park(Message message, String reason, String error) throws InterruptedException {
        var properties = message.getMessageProperties();
        Map<String, String> headers = new HashMap<>();
        properties.getHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        var letter = new Letter(
                OrderTopology.STEPS,
                properties.getReceivedExchange(),
                properties.getReceivedRoutingKey(),
                properties.getMessageId(),
                properties.getType(),
                properties.getContentType(),
                headers,
                message.getBody());
        while (true) {
            try {
                parked.park(letter, reason, error);
                return;
            } catch (DataAccessException | TransactionException away) {
                if (stopping) {
                    throw new ImmediateRequeueAmqpException("Not parked before the stop", away);
                }
                log.warn("A message waits to be parked: {}", away.toString());
                Thread.sleep(1000);
            }
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }
}
