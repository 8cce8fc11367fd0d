package dev.gatehouse.billing.outbox;

import dev.gatehouse.billing.outbox.OutboxRows.Claimed;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.CorrelationData.Confirm;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/**
 * Hands messages to the broker and believes only its confirms. Brokers tell an unroutable message differently (an ack
 * after a return, or a nack),
 * so undelivered is whatever was not acknowledged or was returned.
 */
@Component
class OutboxPublisher {

    private final RabbitTemplate rabbit;
    private final OutboxProperties properties;
    private final MeterRegistry meters;

    OutboxPublisher(RabbitTemplate rabbit, OutboxProperties properties, MeterRegistry meters) {
        this.rabbit = rabbit;
        this.properties = properties;
        this.meters = meters;
    }

    /** Publishes all, then waits for all: one waiting time for the batch, not one each. */
    List<Outcome> publish(List<Claimed> batch) throws InterruptedException {
        List<CorrelationData> published = new ArrayList<>();
        String failure = "";
        for (Claimed row : batch) {
            var correlation = new CorrelationData(row.id().toString());
            try {
                rabbit.send(exchange(row), row.routingKey(), message(row), correlation);
                published.add(correlation);
            } catch (AmqpException unreachable) {
                failure = unreachable.toString();
                break;
            }
        }
        long deadline = nanoTime() + properties.confirmTimeout().toNanos();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            outcomes.add(
                    i < published.size()
                            ? outcome(batch.get(i), published.get(i), deadline)
                            : new Outcome(batch.get(i), Result.UNANSWERED, failure));
        }
        return outcomes;
    }

    private Outcome outcome(Claimed row, CorrelationData correlation, long deadline) throws InterruptedException {
        try {
            Confirm confirm = await(correlation.getFuture(), Math.max(0, deadline - nanoTime()));
            var returned = correlation.getReturned();
            if (returned != null) {
                return refused(row, "returned", returned.getReplyCode() + " " + returned.getReplyText());
            }
            return confirm.ack()
                    ? new Outcome(row, Result.DELIVERED, "")
                    : refused(row, "nacked", String.valueOf(confirm.reason()));
        } catch (TimeoutException late) {
            return new Outcome(row, Result.UNANSWERED, "no confirm within " + properties.confirmTimeout());
        } catch (ExecutionException broken) {
            return new Outcome(row, Result.UNANSWERED, String.valueOf(broken.getCause()));
        }
    }

    long nanoTime() {
        return System.nanoTime();
    }

    Confirm await(CompletableFuture<Confirm> confirm, long atMostNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return confirm.get(atMostNanos, TimeUnit.NANOSECONDS);
    }

    private Outcome refused(Claimed row, String how, String reason) {
        meters.counter("outbox.undelivered", "reason", how).increment();
        return new Outcome(row, Result.REFUSED, how + ": " + reason);
    }

    private String exchange(Claimed row) {
        return Objects.requireNonNullElse(row.exchange(), properties.exchange());
    }

    private static Message message(Claimed row) {
        var message = MessageBuilder.withBody(row.body())
                .setContentType(Objects.requireNonNullElse(row.contentType(), "application/json"))
                .setContentEncoding("UTF-8")
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .setMessageId(
                        Objects.requireNonNullElse(row.messageId(), row.id().toString()))
                .setTimestamp(Date.from(Instant.now()));
        if (row.type() != null) {
            message.setType(row.type());
        }
        row.headers().forEach(message::setHeader);
        return message.build();
    }

    enum Result {
        DELIVERED,
        REFUSED,
        /** Whether the broker has it is unknown; it will be published again. */
        UNANSWERED
    }

    record Outcome(Claimed row, Result result, String reason) {}
}
