package dev.gatehouse.devstack.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.gatehouse.devstack.faults.FaultProxy;
import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the services rely on, and every broker must do.
 *
 * <p>Without BROKER: the embedded broker, and RabbitMQ too where it is installed. With BROKER: that one only.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("kinds")
class BrokerContractIT {

    private static Path folder;
    private static AmqpBroker broker;

    @Parameter
    String kind;

    private final String exchange = "contract." + UUID.randomUUID();
    private final String queue = "contract." + UUID.randomUUID();
    private Connection connection;
    private Channel channel;

    static List<String> kinds() {
        String chosen = System.getenv("BROKER");
        if (chosen != null && !chosen.isEmpty()) {
            return List.of(chosen);
        }
        return Stream.of("embedded", "rabbitmq")
                .filter(kind ->
                        kind.equals("embedded") || RabbitmqBroker.installed().isPresent())
                .toList();
    }

    @BeforeParameterizedClassInvocation
    static void startBroker(String kind) throws IOException {
        folder = Files.createTempDirectory("gatehouse-contract");
        broker = AmqpBroker.of(kind, folder, Ports.free(), Secrets.random(), folder.resolve("broker.log"));
        broker.start();
    }

    @AfterParameterizedClassInvocation
    static void stopBroker() {
        broker.close();
        PrivateFiles.delete(folder);
    }

    @BeforeEach
    void declare() throws Exception {
        connect();
        channel.exchangeDeclare(exchange, "topic", true);
        channel.queueDeclare(queue, true, false, false, Map.of());
        channel.queueBind(queue, exchange, "order.#");
    }

    @AfterEach
    void remove() throws Exception {
        connect();
        channel.queueDelete(queue);
        connect();
        channel.exchangeDelete(exchange);
        connection.close();
    }

    @Test
    void routesByTopicAndConfirms() throws Exception {
        Outcome matching = publish(exchange, "order.paid.late", "one");

        assertThat(matching.undelivered()).isFalse();
        assertThat(get(queue)).hasValueSatisfying(message -> {
            assertThat(body(message)).isEqualTo("one");
            assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("order.paid.late");
            assertThat(message.getEnvelope().isRedeliver()).isFalse();
        });
    }

    @Test
    void correlatesEachConfirmWithItsMessage() throws Exception {
        channel.confirmSelect();
        List<Long> confirmed = Collections.synchronizedList(new ArrayList<>());
        channel.addConfirmListener(
                (tag, multiple) -> {
                    long first = multiple
                            ? confirmed.stream()
                                            .mapToLong(Long::longValue)
                                            .max()
                                            .orElse(0)
                                    + 1
                            : tag;
                    for (long each = first; each <= tag; each++) {
                        confirmed.add(each);
                    }
                },
                (tag, multiple) -> confirmed.add(-tag));

        List<Long> published = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            published.add(channel.getNextPublishSeqNo());
            channel.basicPublish(exchange, "order.placed", true, MessageProperties.PERSISTENT_BASIC, bytes("m" + i));
        }

        await().untilAsserted(() -> assertThat(List.copyOf(confirmed)).containsExactlyInAnyOrderElementsOf(published));
    }

    @Test
    void reportsAnUnroutableMandatoryMessageAsUndelivered() throws Exception {
        Outcome outcome = publish(exchange, "invoice.created", "nobody listens");

        // RabbitMQ returns it and acks, the embedded broker nacks it and returns it: both must be looked at.
        assertThat(outcome.undelivered()).isTrue();
        assertThat(get(queue)).isEmpty();
    }

    @Test
    void reportsAMessageAsUndeliveredAfterItsBindingWasDeleted() throws Exception {
        assertThat(publish(exchange, "order.placed", "bound").undelivered()).isFalse();

        channel.queueUnbind(queue, exchange, "order.#");

        assertThat(publish(exchange, "order.placed", "unbound").undelivered()).isTrue();
    }

    @Test
    void closesTheChannelOfWhoPublishesToAMissingExchange() throws Exception {
        Outcome outcome = publish("contract.missing", "order.placed", "lost");

        assertThat(outcome.undelivered()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        assertThat(((AMQP.Channel.Close) channel.getCloseReason().getReason()).getReplyCode())
                .isEqualTo(AMQP.NOT_FOUND);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void keepsPersistentMessagesQueueAndBindingThroughARestart() throws Exception {
        assumeTrue(!broker.kind().equals("external"), "a broker that is not ours is not restarted");
        for (int i = 0; i < 20; i++) {
            assertThat(publish(exchange, "order.placed", "m" + i).undelivered()).isFalse();
        }

        broker.stop();
        assertThat(Ports.accepts(broker.port(), Duration.ofMillis(500))).isFalse();
        broker.start();
        connect();

        assertThat(publish(exchange, "order.placed", "m20").undelivered()).isFalse();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            get(queue).ifPresent(message -> kept.add(body(message)));
        }
        assertThat(kept).hasSize(21).startsWith("m0", "m1", "m2").endsWith("m19", "m20");
    }

    @Test
    void givesARequeuedMessageAgainAndSaysSo() throws Exception {
        publish(exchange, "order.placed", "again");

        GetResponse first = get(queue).orElseThrow();
        channel.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
        GetResponse second = get(queue).orElseThrow();

        assertThat(body(second)).isEqualTo("again");
        assertThat(second.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void givesAnUnackedMessageAgainAfterItsConnectionWasLost() throws Exception {
        publish(exchange, "order.placed", "again");
        assertThat(get(queue)).isPresent();

        connection.abort();
        connect();

        assertThat(get(queue))
                .hasValueSatisfying(message ->
                        assertThat(message.getEnvelope().isRedeliver()).isTrue());
    }

    @Test
    void dropsARejectedMessageThatIsNotRequeued() throws Exception {
        publish(exchange, "order.placed", "poison");
        publish(exchange, "order.placed", "good");

        GetResponse poison = get(queue).orElseThrow();
        channel.basicReject(poison.getEnvelope().getDeliveryTag(), false);
        GetResponse good = get(queue).orElseThrow();
        channel.basicAck(good.getEnvelope().getDeliveryTag(), false);
        connect();

        assertThat(body(poison)).isEqualTo("poison");
        assertThat(body(good)).isEqualTo("good");
        assertThat(channel.basicGet(queue, false)).isNull();
    }

    @Test
    void forgetsAnAckedMessage() throws Exception {
        publish(exchange, "order.placed", "done");
        GetResponse message = get(queue).orElseThrow();
        channel.basicAck(message.getEnvelope().getDeliveryTag(), false);

        connect();

        assertThat(channel.basicGet(queue, false)).isNull();
    }

    @Test
    void neverHandsOutMoreThanThePrefetchUnacked() throws Exception {
        for (int i = 0; i < 30; i++) {
            publish(exchange, "order.placed", "m" + i);
        }
        List<Long> tags = Collections.synchronizedList(new ArrayList<>());
        Channel consumer = connection.createChannel();
        consumer.basicQos(10);
        consumer.basicConsume(
                queue, false, (tag, message) -> tags.add(message.getEnvelope().getDeliveryTag()), tag -> {});

        await().during(Duration.ofMillis(500)).until(() -> tags.size() == 10);
        consumer.basicAck(tags.get(0), false);
        consumer.basicAck(tags.get(1), false);

        await().during(Duration.ofMillis(500)).until(() -> tags.size() == 12);
    }

    @Test
    void keepsAnAnonymousQueueToItsConnectionAndDropsItAfterwards() throws Exception {
        String anonymous = channel.queueDeclare().getQueue();
        channel.queueBind(anonymous, exchange, "order.#");
        List<String> live = Collections.synchronizedList(new ArrayList<>());
        // Without a consumer the embedded broker would keep the queue: auto-delete there means "after the last one".
        channel.basicConsume(
                anonymous, true, (tag, message) -> live.add(new String(message.getBody(), UTF_8)), tag -> {});
        publish(exchange, "order.placed", "live");
        await().untilAsserted(() -> assertThat(live).containsExactly("live"));

        // RabbitMQ closes the channel, the embedded broker the connection: a refusal is all that is common.
        Connection other = factory(broker.port()).newConnection();
        assertThatThrownBy(() -> other.createChannel().basicConsume(anonymous, (tag, message) -> {}, tag -> {}))
                .isInstanceOf(IOException.class);
        other.abort();
        connect();

        await().untilAsserted(() -> assertThatThrownBy(
                        () -> connection.createChannel().queueDeclarePassive(anonymous))
                .hasRootCauseInstanceOf(ShutdownSignalException.class)
                .rootCause()
                .hasMessageContaining("404"));
    }

    @Test
    void ignoresARedeclarationWithTheSameProperties() throws Exception {
        channel.exchangeDeclare(exchange, "topic", true);
        channel.queueDeclare(queue, true, false, false, Map.of());
        channel.queueBind(queue, exchange, "order.#");

        publish(exchange, "order.placed", "once");

        assertThat(get(queue)).isPresent();
        assertThat(get(queue)).isEmpty();
    }

    @Test
    void carriesHeadersAndContentTypeUnchanged() throws Exception {
        AMQP.BasicProperties properties = MessageProperties.PERSISTENT_BASIC
                .builder()
                .contentType("application/json")
                .messageId("0198-1")
                .headers(Map.of("traceparent", "00-abc", "attempt", 3))
                .build();
        channel.basicPublish(exchange, "order.placed", true, properties, bytes("{}"));

        AMQP.BasicProperties received = awaited(queue).getProps();

        assertThat(received.getContentType()).isEqualTo("application/json");
        assertThat(received.getMessageId()).isEqualTo("0198-1");
        assertThat(received.getDeliveryMode()).isEqualTo(2);
        assertThat(received.getHeaders().get("traceparent")).hasToString("00-abc");
        assertThat(received.getHeaders().get("attempt")).isEqualTo(3);
    }

    @Test
    void blocksPublishersWhileItsAlarmIsRaised() throws Exception {
        assumeThat(broker).as("the embedded broker has no alarms").isInstanceOf(RabbitmqBroker.class);
        RabbitmqBroker rabbit = (RabbitmqBroker) broker;
        CountDownLatch blocked = new CountDownLatch(1);
        connection.addBlockedListener(reason -> blocked.countDown(), () -> {});
        channel.confirmSelect();

        rabbit.raiseAlarm();
        try {
            channel.basicPublish(exchange, "order.placed", true, MessageProperties.PERSISTENT_BASIC, bytes("late"));
            assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> channel.waitForConfirms(500)).isInstanceOf(TimeoutException.class);
        } finally {
            rabbit.clearAlarm();
        }

        assertThat(channel.waitForConfirms(10_000)).isTrue();
        assertThat(get(queue)).isPresent();
    }

    @Test
    void refusesAWrongPassword() {
        ConnectionFactory factory = factory(broker.port());
        factory.setPassword("wrong");

        assertThatThrownBy(factory::newConnection).isInstanceOf(IOException.class);
    }

    @Test
    void noticesASilentPeerOnBothSidesByHeartbeats() throws Exception {
        publish(exchange, "order.placed", "held");
        AtomicReference<@Nullable Throwable> reason = new AtomicReference<>();
        AtomicBoolean held = new AtomicBoolean();
        try (FaultProxy proxy = FaultProxy.to(broker.port())) {
            ConnectionFactory factory = factory(proxy.port());
            factory.setRequestedHeartbeat(1);
            Connection silent = factory.newConnection();
            assertThat(silent.getHeartbeat()).isEqualTo(1);
            silent.addShutdownListener(signal -> reason.set(signal.getCause()));
            silent.createChannel().basicConsume(queue, false, (tag, message) -> held.set(true), tag -> {});
            await().untilTrue(held);

            proxy.blackHole();

            await().untilAsserted(() -> assertThat(reason.get()).isInstanceOf(MissedHeartbeatException.class));
            // The broker noticed too: what the silent consumer held is given to somebody else.
            assertThat(awaited(queue).getEnvelope().isRedeliver()).isTrue();
        }
    }

    /** What a publisher learns about one message. */
    private record Outcome(boolean acked, boolean returned) {

        boolean undelivered() {
            return !acked || returned;
        }
    }

    private Outcome publish(String to, String key, String text) throws Exception {
        Channel publisher = connection.createChannel();
        channel = publisher;
        publisher.confirmSelect();
        CompletableFuture<Boolean> acked = new CompletableFuture<>();
        AtomicBoolean returned = new AtomicBoolean();
        publisher.addReturnListener(message -> returned.set(true));
        publisher.addConfirmListener((tag, multiple) -> acked.complete(true), (tag, multiple) -> acked.complete(false));
        publisher.addShutdownListener(signal -> acked.complete(false));
        publisher.basicPublish(to, key, true, MessageProperties.PERSISTENT_BASIC, bytes(text));
        return new Outcome(acked.get(10, TimeUnit.SECONDS), returned.get());
    }

    private Optional<GetResponse> get(String from) throws IOException {
        return Optional.ofNullable(channel.basicGet(from, false));
    }

    private GetResponse awaited(String from) {
        return await().until(() -> channel.basicGet(from, false), message -> message != null);
    }

    /** A new connection and channel in place of the old ones, which are dropped without a word. */
    private void connect() throws Exception {
        if (connection != null) {
            try {
                connection.abort(2000);
            } catch (AlreadyClosedException gone) {
                // so much the better
            }
        }
        connection = factory(broker.port()).newConnection();
        channel = connection.createChannel();
    }

    private static ConnectionFactory factory(int port) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(port);
        factory.setUsername(broker.username());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String body(GetResponse message) {
        return new String(message.getBody(), UTF_8);
    }
}
