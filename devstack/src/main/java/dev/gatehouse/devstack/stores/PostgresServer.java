package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server (the real programs) on a loopback port, as root or not, durable, its data kept between starts.
 *
 * <p>The folder holds {@code data} (the cluster), {@code superuser} (its password), {@code lock} (held while a JVM uses
 * it) and {@code postgres.log}.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String SUPERUSER = "postgres";
    private static final String RESET = "`make dev-reset` removes the data and starts afresh";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");

    private final Path folder;
    private final Path data;
    private final Path log;
    private final int port;
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private @Nullable FileChannel lockFile;
    private @Nullable FileLock lock;
    private volatile @Nullable ServerProcess process;

    private PostgresServer(Path folder, int port, Path log) {
        this.folder = folder.toAbsolutePath().normalize();
        this.data = this.folder.resolve("data");
        this.log = log;
        this.port = port;
    }

    /** A stopped server that keeps everything in the folder. */
    public static PostgresServer in(Path folder, int port) {
        return in(folder, port, folder.resolve("postgres.log"));
    }

    /** A stopped server that keeps everything in the folder but its log. */
    public static PostgresServer in(Path folder, int port, Path log) {
        return new PostgresServer(folder, port, log);
    }

    public String host() {
        return Ports.LOOPBACK;
    }

    public int port() {
        return port;
    }

    /** The operating system's id of the running server. */
    public long pid() {
        return running().pid();
    }

    public boolean alive() {
        ServerProcess current = process;
        return current != null && current.alive();
    }

    public Path log() {
        return log;
    }

    /**
     * Starts the server and waits until it accepts connections; does nothing if it runs.
     *
     * <p>A server left behind by a killed JVM is stopped first; one that another JVM uses is left alone and refused.
     *
     * @throws CannotStart in one line
     */
    public synchronized void start() {
        if (alive()) {
            return;
        }
        // It may have ended by itself: its disk full, say.
        process = null;
        unlock();
        PrivateFiles.folder(folder);
        lock();
        try {
            endOrphan();
            Ports.requireFree(port, "PostgreSQL", "set GATEHOUSE_POSTGRES_PORT to another port");
            Path binaries = PostgresBinaries.unpacked(cache());
            if (Files.notExists(data)) {
                createCluster(binaries);
            }
            requireIntact();
            process = launch(binaries);
        } catch (RuntimeException e) {
            unlock();
            throw e;
        }
    }

    /** A parameter of the server from its next start on, for example max_wal_size and 128MB. */
    public void setting(String name, String value) {
        settings.put(name, value);
    }

    /** Fast shutdown: transactions under way are rolled back, the data is checkpointed. */
    public synchronized void stop() {
        ServerProcess current = process;
        if (current != null) {
            current.stop("INT", STOP_LIMIT);
            process = null;
        }
        unlock();
    }

    /** SIGKILL to the server and all its backends: a crash. */
    public synchronized void kill() {
        running().kill();
        process = null;
        unlock();
    }

    /** SIGSTOP to the server and all its backends: connections stay open, nothing is answered. */
    public void pause() {
        ServerProcess current = running();
        // The postmaster first, so that no new backend appears.
        current.pause();
        current.handle().descendants().forEach(ServerProcess::pause);
    }

    /** SIGCONT to the server and all its backends. */
    public void resume() {
        ServerProcess current = running();
        current.handle().descendants().forEach(backend -> ServerProcess.signal(backend, "CONT"));
        current.resume();
    }

    @Override
    public void close() {
        stop();
    }

    /** The database of that name with a role of the same name as owner; created if missing, its password set. */
    public Database database(String name, String password) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a database name: " + name);
        }
        if (password.contains("'") || password.contains("\\")) {
            throw new IllegalArgumentException("A database password must be free of quotes and backslashes.");
        }
        try (Connection connection = superuser().getConnection();
                Statement statement = connection.createStatement()) {
            boolean role = exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + name + "'");
            statement.execute((role ? "ALTER" : "CREATE") + " ROLE " + name + " LOGIN PASSWORD '" + password + "'");
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
                statement.execute("CREATE DATABASE " + name + " OWNER " + name);
                // Only the owner: a service reads its own database and no other.
                statement.execute("REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC");
            }
        } catch (SQLException e) {
            throw new CannotStart(
                    "The database " + name + " cannot be prepared: " + e.getMessage() + "; " + RESET + ".", e);
        }
        return new Database("jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/" + name, name, password);
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    Path data() {
        return data;
    }

    PGSimpleDataSource superuser() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {Ports.LOOPBACK});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName("postgres");
        source.setUser(SUPERUSER);
        source.setPassword(superuserPassword());
        return source;
    }

    String superuserPassword() {
        try {
            return Files.readString(folder.resolve("superuser")).strip();
        } catch (IOException e) {
            throw new CannotStart(
                    "The PostgreSQL password file " + folder.resolve("superuser") + " cannot be read; " + RESET + ".",
                    e);
        }
    }

    private ServerProcess running() {
        ServerProcess current = process;
        if (current == null) {
            throw new IllegalStateException("PostgreSQL does not run.");
        }
        return current;
    }

    private void lock() {
        try {
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock taken;
            try {
                taken = channel.tryLock();
            } catch (OverlappingFileLockException inThisJvm) {
                taken = null;
            }
            if (taken == null) {
                channel.close();
                throw new CannotStart("The PostgreSQL data in " + folder
                        + " is in use by another running devstack: stop that one first (`make dev-down`).");
            }
            lockFile = channel;
            lock = taken;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unlock() {
        try {
            if (lock != null) {
                lock.release();
                lock = null;
            }
            if (lockFile != null) {
                lockFile.close();
                lockFile = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever runs on our data without our lock lost the JVM that started it. */
    private void endOrphan() {
        Optional<ProcessHandle> orphan = orphan(folder);
        orphan.ifPresent(server -> endOrphan(server));
        try {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a server without its JVM: fast shutdown, SIGKILL after the limit. */
    public static void endOrphan(ProcessHandle server) {
        List<ProcessHandle> backends = server.descendants().toList();
        Stream.concat(Stream.of(server), backends.stream()).forEach(each -> ServerProcess.signal(each, "CONT"));
        ServerProcess.signal(server, "INT");
        try {
            server.onExit().get(STOP_LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException stubborn) {
            server.destroyForcibly();
            backends.forEach(ProcessHandle::destroyForcibly);
            server.onExit().join();
        }
    }

    /** The live server that runs in this folder by its own postmaster.pid, if the process really is that server. */
    public static Optional<ProcessHandle> orphan(Path folder) {
        Path data = folder.toAbsolutePath().normalize().resolve("data");
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip();
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(process -> process.info().commandLine().orElse("").contains(data.toString()));
        } catch (IOException | NumberFormatException | java.util.NoSuchElementException none) {
            return Optional.empty();
        }
    }

    private void createCluster(Path binaries) {
        Path fresh = folder.resolve("data.new");
        PrivateFiles.delete(fresh);
        String password = Secrets.random();
        PrivateFiles.write(folder.resolve("superuser"), password);
        List<String> command = command(binaries, "initdb");
        // Linguistic order by ICU, characters by C.UTF-8: the nearest to a managed server's en_US.UTF-8 that does not
        // depend on the locales of this machine.
        command.addAll(List.of(
                "-D",
                fresh.toString(),
                "-U",
                SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + folder.resolve("superuser"),
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=en-US",
                "--no-sync",
                "--no-instructions"));
        ServerProcess initdb = ServerProcess.start("PostgreSQL's initdb", command, Map.of(), folder, log);
        int exitCode = initdb.ended().join().exitValue();
        if (exitCode != 0) {
            throw new CannotStart(
                    isRoot()
                            ? "PostgreSQL refuses to run as root and this machine gives root no user namespace (unshare -U): run as an ordinary user. It said: "
                                    + initdb.reason()
                            : "PostgreSQL's initdb failed: " + initdb.reason() + " (log: " + log + ").");
        }
        try {
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireIntact() {
        String corrupt = "The PostgreSQL data directory " + data + " is corrupt: ";
        try {
            String version = Files.readString(data.resolve("PG_VERSION")).strip();
            if (!version.equals("17")) {
                throw new CannotStart("The PostgreSQL data directory " + data + " was made by PostgreSQL " + version
                        + ", this is 17; " + RESET + ".");
            }
        } catch (IOException e) {
            throw new CannotStart(corrupt + "PG_VERSION cannot be read; " + RESET + ".", e);
        }
        for (String file : List.of("postgresql.conf", "pg_hba.conf", "global/pg_control")) {
            if (Files.notExists(data.resolve(file))) {
                throw new CannotStart(corrupt + file + " is missing; " + RESET + ".");
            }
        }
    }

    private ServerProcess launch(Path binaries) {
        List<String> command = command(binaries, "postgres");
        command.addAll(List.of(
                "-D", data.toString(),
                "-p", Integer.toString(port),
                "-c", "listen_addresses=" + Ports.LOOPBACK,
                "-c", "unix_socket_directories=",
                "-c", "fsync=on",
                "-c", "synchronous_commit=on",
                "-c", "shared_buffers=64MB",
                "-c", "max_connections=200",
                "-c", "timezone=UTC",
                "-c", "log_timezone=UTC",
                "-c", "log_destination=stderr",
                "-c", "logging_collector=off"));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        long before = Files.exists(log) ? log.toFile().length() : 0;
        ServerProcess started = ServerProcess.start("PostgreSQL", command, Map.of("PGTZ", "UTC"), folder, log);
        try {
            started.awaitReady(this::acceptsConnections, START_LIMIT);
        } catch (CannotStart e) {
            if (started.alive()) {
                started.kill();
            }
            throw new CannotStart(
                    "PostgreSQL does not start on the data directory " + data + ": " + said(before)
                            + "; if the data is corrupt, " + RESET + ".",
                    e);
        }
        return started;
    }

    /** What the server complained about since the given position of its log. */
    private String said(long before) {
        try {
            byte[] text = Files.readAllBytes(log);
            List<String> lines = new String(
                            text, (int) before, text.length - (int) before, java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream()
                    .filter(line -> line.contains("FATAL:") || line.contains("PANIC:") || line.contains("could not"))
                    .findFirst()
                    .or(() -> lines.reversed().stream().findFirst())
                    .map(line -> line.replaceFirst("^.*?(FATAL|PANIC|LOG):\\s*", ""))
                    .orElse("it wrote nothing");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The server writes its own status into postmaster.pid: no connection needed to ask. */
    private boolean acceptsConnections() {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() >= 8 && lines.get(7).strip().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<String> command(Path binaries, String program) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses uid 0; in a user namespace of its own the same process is nobody.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.resolve("bin").resolve(program).toString());
        return command;
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private Path cache() {
        Path home = Path.of(System.getProperty("user.home", "/"));
        return Files.isWritable(home) ? home.resolve(".cache/gatehouse") : folder.resolve("programs");
    }
}
