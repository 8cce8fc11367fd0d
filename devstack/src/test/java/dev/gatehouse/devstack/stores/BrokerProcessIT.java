package dev.gatehouse.devstack.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessIT {

    @TempDir
    Path folder;

    private AmqpBroker broker;

    @BeforeEach
    void start() {
        broker = AmqpBroker.of("process", folder, Ports.free(), "secret", folder.resolve("broker.log"));
        broker.start();
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void keepsConfirmedMessagesThroughACrash() throws Exception {
        long before = broker.pid().orElseThrow();
        Connection broken = connect();
        publish(broken.createChannel(), "kept");
        broker.kill();
        broken.abort();
        assertThat(broker.pid()).isEmpty();

        broker.start();

        assertThat(broker.pid().orElseThrow())
                .isNotEqualTo(before)
                .isNotEqualTo(ProcessHandle.current().pid());
        try (Connection connection = connect()) {
            assertThat(connection.createChannel().basicGet("crash", true).getBody())
                    .asString()
                    .isEqualTo("kept");
        }
    }

    @Test
    void confirmsNothingWhilePausedAndAllAfterwards() throws Exception {
        try (Connection connection = connect()) {
            Channel channel = connection.createChannel();
            publish(channel, "first");

            broker.pause();
            channel.basicPublish("", "crash", MessageProperties.PERSISTENT_BASIC, new byte[1]);
            assertThatThrownBy(() -> channel.waitForConfirms(300)).isInstanceOf(TimeoutException.class);
            broker.resume();

            assertThat(channel.waitForConfirms(20_000)).isTrue();
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        broker.stop();
        try (ServerSocket other = new ServerSocket(broker.port(), 1, InetAddress.getByName(Ports.LOOPBACK))) {
            assertThatThrownBy(broker::start)
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining(
                            "Port " + other.getLocalPort() + " on 127.0.0.1, wanted for the message broker");
        }
    }

    @Test
    void refusesToKillABrokerInsideThisJvm() {
        AmqpBroker inside = AmqpBroker.of("embedded", folder, Ports.free(), "secret", folder.resolve("broker.log"));

        assertThatThrownBy(inside::kill).hasMessageContaining("BROKER=process");
    }

    private static void publish(Channel channel, String text) throws Exception {
        channel.queueDeclare("crash", true, false, false, Map.of());
        channel.confirmSelect();
        channel.basicPublish(
                "",
                "crash",
                MessageProperties.PERSISTENT_BASIC,
                text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        channel.waitForConfirmsOrDie(20_000);
    }

    private Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.username());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }
}
