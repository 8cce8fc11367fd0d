package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/**
 * A second PostgreSQL server that follows a first one over its log and answers reads, until it is promoted to take the
 * first one's place.
 */
public final class Standby implements AutoCloseable {

    private static final Duration STREAM_LIMIT = Duration.ofSeconds(60);
    private static final String NAME = "standby";
    // What a server makes anew: the log is streamed, the rest is the state of a running server.
    private static final Set<String> EMPTIED = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");
    private static final Set<String> LEFT_OUT =
            Set.of("postmaster.pid", "postmaster.opts", "standby.signal", "postgresql.auto.conf");

    private final PostgresServer primary;
    private final PostgresServer server;

    private Standby(PostgresServer primary, PostgresServer server) {
        this.primary = primary;
        this.server = server;
    }

    /**
     * Copies a running server, starts the copy and waits until it follows. Commits do not wait for it until
     * {@link #synchronous(boolean)} says so.
     *
     * @param folder where the copy keeps everything but its log; an earlier copy there is removed
     * @param port where it listens
     * @param primaryPort where it reaches the first server: that one's own port, or a proxy's
     * @throws CannotStart in one line
     */
    public static Standby start(PostgresServer primary, Path folder, int port, Path log, int primaryPort) {
        PostgresServer server = PostgresServer.in(folder, port, log);
        PrivateFiles.folder(folder);
        PrivateFiles.delete(server.data());
        try (Connection connection = primary.superuser().getConnection();
                Statement statement = connection.createStatement()) {
            // Else the first server may throw away log that the copy still needs.
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE slot_name = '" + NAME + "' AND NOT active");
            statement.execute("SELECT pg_create_physical_replication_slot('" + NAME + "', true)");
            statement.execute("SELECT pg_backup_start('" + NAME + "', true)");
            copy(primary.data(), server.data());
            try (ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                row.next();
                PrivateFiles.write(server.data().resolve("backup_label"), row.getString(1));
            }
        } catch (SQLException e) {
            throw new CannotStart("PostgreSQL cannot be copied for a standby: " + e.getMessage() + ".", e);
        }
        PrivateFiles.write(folder.resolve("superuser"), primary.superuserPassword());
        PrivateFiles.write(server.data().resolve("standby.signal"), "");
        PrivateFiles.write(server.data().resolve("postgresql.auto.conf"), """
                primary_conninfo = 'host=%s port=%d user=postgres password=%s application_name=%s'
                primary_slot_name = '%s'
                wal_retrieve_retry_interval = '500ms'
                """.formatted(
                        Ports.LOOPBACK, primaryPort, primary.superuserPassword(), NAME, NAME));
        server.start();
        Standby standby = new Standby(primary, server);
        standby.awaitStreaming();
        return standby;
    }

    /** The server itself: to read from, to kill, and the one to write to after {@link #promote()}. */
    public PostgresServer server() {
        return server;
    }

    /**
     * Whether a commit waits until this standby has it on its disk; if so and the standby is away, commits wait for ever.
     */
    public void synchronous(boolean wait) {
        execute(primary, "ALTER SYSTEM SET synchronous_standby_names = '" + (wait ? NAME : "") + "'");
        execute(primary, "SELECT pg_reload_conf()");
        // The reload is a signal: until the server has seen it, commits go on as before.
        await(
                "commits " + (wait ? "wait" : "do not wait") + " for the standby",
                () -> wait == "sync".equals(state("sync_state")));
    }

    /** How much later than the first server this one shows what was committed; what it has on its disk is not delayed. */
    public void replayDelay(Duration delay) {
        execute(server, "ALTER SYSTEM SET recovery_min_apply_delay = '" + delay.toMillis() + "ms'");
        execute(server, "SELECT pg_reload_conf()");
    }

    /** Whether it is following at this moment. */
    public boolean streaming() {
        return "streaming".equals(state("state"));
    }

    /** Ends following: it takes writes from now on. Returns when it does. */
    public PostgresServer promote() {
        execute(server, "ALTER SYSTEM RESET recovery_min_apply_delay");
        execute(server, "SELECT pg_reload_conf()");
        execute(server, "SELECT pg_promote(true, 60)");
        await("the standby takes writes", () -> "f".equals(single(server, "SELECT pg_is_in_recovery()")));
        return server;
    }

    @Override
    public void close() {
        server.close();
    }

    private void awaitStreaming() {
        await("the standby follows", this::streaming);
    }

    private String state(String column) {
        return single(
                primary,
                "SELECT coalesce(max(" + column + "), '') FROM pg_stat_replication WHERE application_name = '" + NAME
                        + "'");
    }

    private static void await(String what, java.util.function.BooleanSupplier reached) {
        long end = System.nanoTime() + STREAM_LIMIT.toNanos();
        try {
            while (!reached.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new CannotStart("Not within " + STREAM_LIMIT.toSeconds() + " s: " + what + ".");
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted", e);
        }
    }

    private static void execute(PostgresServer server, String sql) {
        try (Connection connection = server.superuser().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL on port " + server.port() + ": " + e.getMessage(), e);
        }
    }

    private static String single(PostgresServer server, String query) {
        try (Connection connection = server.superuser().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL on port " + server.port() + ": " + e.getMessage(), e);
        }
    }

    /** Whether it lies in a folder that is copied without its contents. */
    private static boolean isEmptied(Path relative) {
        return relative.getNameCount() > 1
                && EMPTIED.contains(relative.getName(0).toString());
    }

    private static void copy(Path from, Path to) {
        try {
            Files.walkFileTree(from, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    Path relative = from.relativize(folder);
                    if (isEmptied(relative)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    PrivateFiles.folder(to.resolve(relative));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Path relative = from.relativize(file);
                    if (!isEmptied(relative) && !LEFT_OUT.contains(relative.toString())) {
                        try {
                            Files.copy(file, to.resolve(relative), StandardCopyOption.REPLACE_EXISTING);
                        } catch (NoSuchFileException removedMeanwhile) {
                            // the log tells the copy as much
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
