package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stores of an integration test: each started at its first use, once per JVM, on a free port, in a folder that is
 * removed with the JVM.
 *
 * <p>Environment: BROKER=embedded|rabbitmq|amqp://…, REDIS=auto|embedded|installed.
 */
public final class TestStores {

    private static final String PREFIX = "gatehouse-stores-";
    private static final Object GATE = new Object();

    private static @Nullable Path folder;
    private static @Nullable Postgres postgres;
    private static @Nullable RedisServer redis;
    private static @Nullable AmqpBroker broker;
    private static @Nullable TestIssuer issuer;

    private TestStores() {}

    /** A PostgreSQL server with a database per name. */
    public static final class Postgres {

        private final PostgresServer server;
        private final Map<String, Database> databases = new HashMap<>();

        private Postgres(PostgresServer server) {
            this.server = server;
        }

        /** The database of that name, empty at the first call in this JVM; the same one after that. */
        public synchronized Database database(String name) {
            return databases.computeIfAbsent(name, absent -> server.database(absent, Secrets.random()));
        }

        /** The server, for tests that stop, kill or pause it. */
        public PostgresServer server() {
            return server;
        }
    }

    public static Postgres postgres() {
        synchronized (GATE) {
            if (postgres == null) {
                PostgresServer server = PostgresServer.in(folder().resolve("postgres"), Ports.free());
                server.start();
                postgres = new Postgres(server);
            }
            return postgres;
        }
    }

    public static RedisServer redis() {
        synchronized (GATE) {
            if (redis == null) {
                RedisServer server = RedisServer.in(
                        folder().resolve("redis"), Ports.free(), RedisServer.Program.of(System.getenv("REDIS")), null);
                server.start();
                redis = server;
            }
            return redis;
        }
    }

    public static AmqpBroker broker() {
        synchronized (GATE) {
            if (broker == null) {
                Path place = folder().resolve("broker");
                AmqpBroker chosen = AmqpBroker.of(
                        System.getenv("BROKER"), place, Ports.free(), Secrets.random(), place.resolve("broker.log"));
                chosen.start();
                broker = chosen;
            }
            return broker;
        }
    }

    public static TestIssuer issuer() {
        synchronized (GATE) {
            if (issuer == null) {
                issuer = TestIssuer.start();
            }
            return issuer;
        }
    }

    private static Path folder() {
        if (folder == null) {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            sweep(temporary);
            try {
                folder = Files.createTempDirectory(
                        temporary, PREFIX + ProcessHandle.current().pid() + "-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(TestStores::end, "test-stores-end"));
        }
        return folder;
    }

    private static void end() {
        synchronized (GATE) {
            Stream.of(broker, redis, postgres == null ? null : postgres.server(), issuer)
                    .forEach(TestStores::close);
            if (folder != null) {
                PrivateFiles.delete(folder);
            }
        }
    }

    private static void close(@Nullable AutoCloseable store) {
        try {
            if (store != null) {
                store.close();
            }
        } catch (Exception e) {
            System.err.println("A test store did not stop: " + e);
        }
    }

    /** Ends and removes what test JVMs that were killed have left: their shutdown hooks never ran. */
    private static void sweep(Path temporary) {
        try (Stream<Path> left = Files.list(temporary)) {
            left.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(TestStores::abandoned)
                    .forEach(path -> {
                        PostgresServer.orphan(path.resolve("postgres")).ifPresent(PostgresServer::endOrphan);
                        RedisServer.orphan(path.resolve("redis")).ifPresent(ProcessHandle::destroyForcibly);
                        RabbitmqBroker.orphans(path.resolve("broker/rabbitmq")).forEach(RabbitmqBroker::end);
                        PrivateFiles.delete(path);
                    });
        } catch (IOException | UncheckedIOException e) {
            // Another user's leftovers are not ours to remove.
        }
    }

    private static boolean abandoned(Path path) {
        String pid = path.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
        return pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }
}
