package dev.gatehouse.drills.check;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.gatehouse.devstack.stores.AmqpBroker;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another reader of everything that billing publishes: a durable queue of its own, so that it misses nothing while the
 * broker is away. It knows which messages really arrived, and how often.
 */
public final class Tap implements AutoCloseable {

    /** The queue's name; whoever deletes the exchange has to bind it again. */
    public static final String QUEUE = "drill.tap";

    private static final String EXCHANGE = "gatehouse.orders";

    private final Connection connection;
    private final Map<UUID, AtomicInteger> arrived = new ConcurrentHashMap<>();

    /** Begins to read what is published from now on. */
    public Tap(AmqpBroker broker) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.username());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        factory.setNetworkRecoveryInterval(500);
        factory.setRequestedHeartbeat(5);
        this.connection = factory.newConnection("drill-tap");
        Channel channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, null);
        channel.queueBind(QUEUE, EXCHANGE, "order.#");
        channel.queuePurge(QUEUE);
        channel.basicConsume(QUEUE, true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                String id = properties.getMessageId();
                if (id != null) {
                    arrived.computeIfAbsent(UUID.fromString(id), absent -> new AtomicInteger())
                            .incrementAndGet();
                }
            }
        });
    }

    /** Whether the message arrived. */
    public boolean has(UUID message) {
        return arrived.containsKey(message);
    }

    /** Arrivals beyond each message's first. */
    public int repeats() {
        return arrived.values().stream().mapToInt(times -> times.get() - 1).sum();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
