package dev.gatehouse.billing.simulation;

import dev.gatehouse.billing.order.messaging.SimulatedListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.ReturnedMessage;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.CorrelationData.Confirm;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** One queue with a broker's freedoms: it loses what it has not confirmed, repeats, reorders and delivers again. */
final class Broker {

    private final Simulation simulation;
    private final List<Message> queue = new ArrayList<>();
    private final List<Delivery> unacknowledged = new ArrayList<>();
    /** Ids of the messages it ever had, in the order in which it had them first. */
    private final Map<String, Integer> accepted = new LinkedHashMap<>();

    private int poison;

    Broker(Simulation simulation) {
        this.simulation = simulation;
        simulation.onCrash(this::redeliver);
    }

    /** An instance's connection. */
    RabbitTemplate connection() {
        return new RabbitTemplate() {
            @Override
            public void send(
                    String exchange, String routingKey, Message message, @Nullable CorrelationData correlation) {
                publish(routingKey, message, Objects.requireNonNull(correlation));
            }
        };
    }

    private void publish(String routingKey, Message message, CorrelationData correlation) {
        simulation.point("before publish");
        if (simulation.happens(Fault.PUBLISH_REFUSED)) {
            throw new AmqpConnectException(new IllegalStateException("The connection is closed"));
        }
        if (!simulation.happens(Fault.MESSAGE_LOST)) {
            boolean nacked = simulation.happens(Fault.MESSAGE_NACKED);
            boolean returned = !nacked && simulation.happens(Fault.MESSAGE_RETURNED);
            boolean confirmed = !simulation.happens(Fault.CONFIRM_LOST);
            simulation.after(simulation.chance().between(1, 20), () -> {
                if (returned) {
                    correlation.setReturned(
                            new ReturnedMessage(message, 312, "NO_ROUTE", "gatehouse.orders", routingKey));
                } else if (!nacked) {
                    accept(message);
                }
                if (confirmed) {
                    simulation.after(
                            simulation.chance().between(1, 300),
                            () -> correlation
                                    .getFuture()
                                    .complete(new Confirm(!nacked, nacked ? "the queue is full" : null)));
                }
            });
        }
        simulation.point("after publish");
    }

    private void accept(Message message) {
        String id = Objects.requireNonNull(message.getMessageProperties().getMessageId());
        accepted.putIfAbsent(id, accepted.size());
        simulation.note("broker has", "message " + accepted.get(id));
        if (simulation.happens(Fault.MESSAGE_FORGOTTEN)) {
            return;
        }
        queue.add(message);
        if (simulation.happens(Fault.MESSAGE_DUPLICATED)) {
            queue.add(copy(message));
        }
        if (simulation.happens(Fault.MESSAGE_POISONED)) {
            queue.add(MessageBuilder.withBody("{\"type\":".getBytes(StandardCharsets.UTF_8))
                    .setMessageId("poison-" + poison++)
                    .build());
        }
    }

    private static Message copy(Message message) {
        return new Message(message.getBody(), message.getMessageProperties());
    }

    /** A consumer's life: take, work, acknowledge. */
    void consume(Instance instance, SimulatedListener listener) {
        while (true) {
            simulation.waitFor(() -> !queue.isEmpty(), () -> Long.MAX_VALUE);
            boolean reordered = queue.size() > 1 && simulation.happens(Fault.MESSAGE_REORDERED);
            Message message = queue.remove(reordered ? simulation.chance().below(queue.size()) : 0);
            var delivery = new Delivery(message, instance);
            unacknowledged.add(delivery);
            simulation.point("message received");
            instance.busy++;
            try {
                listener.receive(message);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                instance.busy--;
            }
            simulation.point("before acknowledgement");
            unacknowledged.remove(delivery);
        }
    }

    private void redeliver() {
        unacknowledged.removeIf(delivery -> {
            if (!delivery.instance.alive) {
                queue.add(copy(delivery.message));
            }
            return !delivery.instance.alive;
        });
    }

    /** Where in the order of arrival the message was, null when it never came. */
    @Nullable
    Integer arrival(String messageId) {
        return accepted.get(messageId);
    }

    boolean isEmpty() {
        return queue.isEmpty() && unacknowledged.isEmpty();
    }

    int poison() {
        return poison;
    }

    /** A message at a consumer; each is itself and equals no other. */
    private static final class Delivery {

        private final Message message;
        private final Instance instance;

        Delivery(Message message, Instance instance) {
            this.message = message;
            this.instance = instance;
        }
    }
}
