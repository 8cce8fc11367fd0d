package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The embedded broker in a process of its own, so that it can be killed and paused. */
public final class BrokerProcess implements AmqpBroker {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String READY = "ready";
    private static final String PASSWORD = "GATEHOUSE_BROKER_PASSWORD";

    private final Path folder;
    private final int port;
    private final String password;
    private final Path log;
    private volatile @Nullable ServerProcess process;

    private BrokerProcess(Path folder, int port, String password, Path log) {
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
        this.password = password;
        this.log = log;
    }

    /** A stopped broker that keeps everything in the folder but its log. */
    public static BrokerProcess in(Path folder, int port, String password, Path log) {
        return new BrokerProcess(folder, port, password, log);
    }

    /** The process: the folder and the port as arguments, the password in the environment. */
    public static void main(String[] arguments) {
        EmbeddedBroker broker = EmbeddedBroker.in(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                System.getenv().getOrDefault(PASSWORD, ""));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::stop, "broker-end"));
        try {
            broker.start();
            PrivateFiles.write(
                    Path.of(arguments[0], READY),
                    Long.toString(ProcessHandle.current().pid()));
            Thread.currentThread().join();
        } catch (CannotStart e) {
            System.err.println("FATAL " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String kind() {
        return "process";
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
        return EmbeddedBroker.USERNAME;
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public String virtualHost() {
        return EmbeddedBroker.VIRTUAL_HOST;
    }

    @Override
    public Optional<Long> pid() {
        return Optional.ofNullable(process).filter(ServerProcess::alive).map(ServerProcess::pid);
    }

    @Override
    public synchronized void start() {
        if (pid().isPresent()) {
            return;
        }
        PrivateFiles.folder(folder);
        Ports.requireFree(port, "the message broker", "set GATEHOUSE_AMQP_PORT to another port");
        ServerProcess started = ServerProcess.start(
                "The message broker",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlogback.configurationFile=dev/gatehouse/devstack/container-logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(port)),
                Map.of(PASSWORD, password),
                folder,
                log);
        started.awaitReady(() -> saysReady(started.pid()), START_LIMIT);
        process = started;
    }

    @Override
    public synchronized void stop() {
        ServerProcess current = process;
        if (current != null) {
            current.stop("TERM", STOP_LIMIT);
            process = null;
        }
    }

    @Override
    public synchronized void kill() {
        running().kill();
        process = null;
    }

    @Override
    public void pause() {
        running().pause();
    }

    @Override
    public void resume() {
        running().resume();
    }

    @Override
    public void close() {
        stop();
    }

    /** The port is open before the broker can do anything with a connection. */
    private boolean saysReady(long pid) {
        try {
            return Files.readString(folder.resolve(READY)).equals(Long.toString(pid));
        } catch (IOException notYet) {
            return false;
        }
    }

    private ServerProcess running() {
        ServerProcess current = process;
        if (current == null) {
            throw new IllegalStateException("The message broker does not run.");
        }
        return current;
    }
}
