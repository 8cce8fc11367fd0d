package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.server.SystemLauncher;
import org.jspecify.annotations.Nullable;

/** Apache Qpid Broker-J inside this JVM, its queues and messages in a folder. */
public final class EmbeddedBroker implements AmqpBroker {

    static final String USERNAME = "gatehouse";
    static final String VIRTUAL_HOST = "gatehouse";

    private final Path folder;
    private final int port;
    private final String password;
    private volatile @Nullable SystemLauncher launcher;

    private EmbeddedBroker(Path folder, int port, String password) {
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
        this.password = password;
    }

    /** A stopped broker that keeps everything in the folder. */
    public static EmbeddedBroker in(Path folder, int port, String password) {
        return new EmbeddedBroker(folder, port, password);
    }

    @Override
    public String kind() {
        return "embedded";
    }

    @Override
    public String host() {
        return Ports.LOOPBACK;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String username() {
        return USERNAME;
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public String virtualHost() {
        return VIRTUAL_HOST;
    }

    @Override
    public Optional<Long> pid() {
        return launcher == null
                ? Optional.empty()
                : Optional.of(ProcessHandle.current().pid());
    }

    @Override
    public synchronized void start() {
        if (launcher != null) {
            return;
        }
        // A taken port is only logged by the broker, so it is looked for here.
        Ports.requireFree(port, "the message broker", "set GATEHOUSE_AMQP_PORT to another port");
        Path configuration = PrivateFiles.folder(folder).resolve("broker.json");
        PrivateFiles.write(configuration, configuration());
        // Else the broker logs a line for every connection, channel and queue.
        System.setProperty("qpid.broker_status_updates", "false");
        SystemLauncher fresh = new SystemLauncher();
        try {
            fresh.startup(new HashMap<>(Map.of(
                    "type",
                    "Memory",
                    "initialConfigurationLocation",
                    configuration.toUri().toString(),
                    "startupLoggedToSystemOut",
                    false,
                    "context",
                    Map.of(
                            "qpid.work_dir", folder.toString(),
                            // RabbitMQ's queue arguments would end the connection.
                            "queue.behaviourOnUnknownDeclareArgument", "IGNORE",
                            "exchange.behaviourOnUnknownDeclareArgument", "IGNORE",
                            // As RabbitMQ does: a message rejected without requeue is gone, not stuck.
                            "queue.maximumDeliveryAttempts", "1",
                            "broker.failStartupWithErroredChild", "true"))));
        } catch (Exception e) {
            fresh.shutdown();
            throw new CannotStart(
                    "The embedded message broker does not start on " + folder + ": " + e.getMessage()
                            + "; if its data is corrupt, `make dev-reset` removes the data and starts afresh.",
                    e);
        }
        if (!Ports.accepts(port, Duration.ofSeconds(5))) {
            fresh.shutdown();
            throw new CannotStart("The embedded message broker did not open port " + port + " on its data in " + folder
                    + "; if its data is corrupt, `make dev-reset` removes the data and starts afresh.");
        }
        launcher = fresh;
    }

    @Override
    public synchronized void stop() {
        SystemLauncher current = launcher;
        if (current != null) {
            current.shutdown();
            launcher = null;
        }
    }

    @Override
    public void kill() {
        throw inThisJvm();
    }

    @Override
    public void pause() {
        throw inThisJvm();
    }

    @Override
    public void resume() {
        throw inThisJvm();
    }

    @Override
    public void close() {
        stop();
    }

    private static IllegalStateException inThisJvm() {
        return new IllegalStateException(
                "The embedded broker is a part of this JVM: BROKER=process runs it where it can be killed and paused.");
    }

    private String configuration() {
        return """
                {"name": "gatehouse", "modelVersion": "9.1",
                 "authenticationproviders": [{"name": "plain", "type": "Plain", "secureOnlyMechanisms": [],
                   "users": [{"name": "%s", "type": "managed", "password": "%s"}]}],
                 "ports": [{"name": "AMQP", "port": "%d", "bindingAddress": "127.0.0.1", "authenticationProvider": "plain",
                   "protocols": ["AMQP_0_9_1"], "virtualhostaliases": [{"name": "nameAlias", "type": "nameAlias"}]}],
                 "virtualhostnodes": [{"name": "%s", "type": "JSON", "defaultVirtualHostNode": "true",
                   "virtualHostInitialConfiguration": "{\\"type\\":\\"BDB\\",\\"housekeepingCheckPeriod\\":500}"}]}
                """.formatted(USERNAME, password, port, VIRTUAL_HOST);
    }
}
