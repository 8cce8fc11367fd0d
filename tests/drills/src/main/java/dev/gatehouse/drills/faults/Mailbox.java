package dev.gatehouse.drills.faults;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import dev.gatehouse.devstack.stores.AmqpBroker;
import dev.gatehouse.drills.check.Tap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The drill's own hand in the broker: it reads what is published to billing, and posts to billing's queue. */
final class Mailbox implements AutoCloseable {

    private static final String EXCHANGE = "gatehouse.orders";
    private static final String STEPS = "billing.order-steps";
    private static final String KEYS = "order.#";

    private final Connection connection;
    private final Channel channel;
    private final String copies;

    Mailbox(AmqpBroker broker) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.username());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        this.connection = factory.newConnection("drill");
        this.channel = connection.createChannel();
        this.copies =
                channel.queueDeclare("drill.copies", false, true, true, null).getQueue();
        channel.queueBind(copies, EXCHANGE, KEYS);
    }

    /** Takes billing's queue off the exchange: what is published comes here alone. */
    void intercept() throws IOException {
        channel.queueUnbind(STEPS, EXCHANGE, KEYS);
    }

    /** Puts it back. */
    void letThrough() throws IOException {
        channel.queueBind(STEPS, EXCHANGE, KEYS);
    }

    /** Deletes the exchange that billing publishes to. */
    void deleteExchange() throws IOException {
        channel.exchangeDelete(EXCHANGE);
    }

    /** Declares it again, with billing's queue bound. */
    void declareExchange() throws IOException {
        channel.exchangeDeclare(EXCHANGE, "topic", true);
        // First who only listens, so that nothing is handed on unheard.
        channel.queueBind(Tap.QUEUE, EXCHANGE, KEYS);
        letThrough();
    }

    /** What was published since the last call. */
    List<Letter> take() throws IOException {
        List<Letter> letters = new ArrayList<>();
        for (GetResponse got = channel.basicGet(copies, true); got != null; got = channel.basicGet(copies, true)) {
            letters.add(new Letter(got.getProps(), got.getBody()));
        }
        return letters;
    }

    /** Posts a letter to billing's queue. */
    void post(Letter letter) throws IOException {
        channel.basicPublish("", STEPS, letter.properties(), letter.body());
    }

    /** Posts something that nobody sent. */
    void post(String body) throws IOException {
        post(new Letter(MessageProperties.PERSISTENT_BASIC, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /** A message as it was published. */
    record Letter(BasicProperties properties, byte[] body) {}
}
