package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.process.ServerProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** A Redis server on a loopback port that keeps its data (append-only file) between starts. */
public final class RedisServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Path folder;
    private final int port;
    private final Program program;
    private final @Nullable String password;
    private final Path log;
    private volatile @Nullable ServerProcess process;

    private RedisServer(Path folder, int port, Program program, @Nullable String password, Path log) {
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
        this.program = program;
        this.password = password;
        this.log = log;
    }

    /** Which server program to run. */
    public enum Program {
        /** The one on the PATH, else the one of the build's dependencies. */
        AUTO,
        /** The one of the build's dependencies. */
        EMBEDDED,
        /** The one on the PATH. */
        INSTALLED;

        /**
         * Reads the REDIS switch; absent or empty means {@link #AUTO}.
         *
         * @throws CannotStart if it is none of the three words
         */
        public static Program of(@Nullable String word) {
            if (word == null || word.isEmpty()) {
                return AUTO;
            }
            return Arrays.stream(values())
                    .filter(program -> program.name().equalsIgnoreCase(word))
                    .findFirst()
                    .orElseThrow(
                            () -> new CannotStart("REDIS=" + word + " is not known: use auto, embedded or installed."));
        }
    }

    /**
     * A stopped server that keeps everything in the folder.
     *
     * @param password what clients must give, or null for none
     */
    public static RedisServer in(Path folder, int port, Program program, @Nullable String password) {
        return in(folder, port, program, password, folder.resolve("redis.log"));
    }

    /**
     * A stopped server that keeps everything in the folder but its log.
     *
     * @param password what clients must give, or null for none
     */
    public static RedisServer in(Path folder, int port, Program program, @Nullable String password, Path log) {
        return new RedisServer(folder, port, program, password, log);
    }

    public String host() {
        return Ports.LOOPBACK;
    }

    public int port() {
        return port;
    }

    /** What clients must give; null if they need none. */
    public @Nullable String password() {
        return password;
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
     * Starts the server on its port and waits until it answers; does nothing if it runs.
     *
     * @throws CannotStart in one line
     */
    public synchronized void start() {
        if (alive()) {
            return;
        }
        PrivateFiles.folder(folder);
        endOrphan();
        Ports.requireFree(port, "Redis", "set GATEHOUSE_REDIS_PORT to another port");
        String executable = executable();
        Path configuration = folder.resolve("redis.conf");
        PrivateFiles.write(
                configuration, """
                bind 127.0.0.1
                port %d
                dir "%s"
                daemonize no
                appendonly yes
                save ""
                %s
                """.formatted(port, folder, password == null ? "" : "requirepass " + password));
        ServerProcess started =
                ServerProcess.start("Redis", List.of(executable, configuration.toString()), Map.of(), folder, log());
        try {
            started.awaitReady(this::answers, START_LIMIT);
        } catch (CannotStart e) {
            throw new CannotStart(
                    e.getMessage() + " If its data in " + folder
                            + " is corrupt, `make dev-reset` removes the data and starts afresh.",
                    e);
        }
        PrivateFiles.write(folder.resolve("redis.pid"), Long.toString(started.pid()));
        process = started;
    }

    /** SIGTERM: the append-only file is flushed. */
    public synchronized void stop() {
        ServerProcess current = process;
        if (current != null) {
            current.stop("TERM", STOP_LIMIT);
            process = null;
        }
    }

    /** SIGKILL: a crash. */
    public synchronized void kill() {
        running().kill();
        process = null;
    }

    /** SIGSTOP: connections are accepted by the system, nothing is answered. */
    public void pause() {
        running().pause();
    }

    /** SIGCONT. */
    public void resume() {
        running().resume();
    }

    /** FLUSHALL: every key is gone. */
    public void flush() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.LOOPBACK, port), 2_000);
            socket.setSoTimeout(10_000);
            String login = password == null ? "" : "AUTH " + password + "\r\n";
            socket.getOutputStream().write((login + "FLUSHALL\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (int expected = password == null ? 1 : 2; expected > 0; expected--) {
                String answer = answers.readLine();
                if (!"+OK".equals(answer)) {
                    throw new IllegalStateException("Redis was not flushed: " + answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** The live server a killed JVM left in the folder, if the process really is that server. */
    public static Optional<ProcessHandle> orphan(Path folder) {
        try {
            long pid =
                    Long.parseLong(Files.readString(folder.resolve("redis.pid")).strip());
            // Redis rewrites its title to "redis-server 127.0.0.1:port": the port is in the file we wrote for it.
            String port = Files.readAllLines(folder.resolve("redis.conf")).stream()
                    .filter(line -> line.startsWith("port "))
                    .map(line -> line.substring(5))
                    .findFirst()
                    .orElse("?");
            return ProcessHandle.of(pid).filter(process -> title(process).contains(":" + port));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static String title(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private void endOrphan() {
        orphan(folder).ifPresent(server -> {
            ServerProcess.signal(server, "CONT");
            ServerProcess.signal(server, "TERM");
            server.onExit()
                    .completeOnTimeout(server, STOP_LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .join();
            server.destroyForcibly();
            server.onExit().join();
        });
    }

    private String executable() {
        Optional<String> installed = onPath("redis-server");
        if (program == Program.INSTALLED && installed.isEmpty()) {
            throw new CannotStart(
                    "REDIS=installed, but there is no redis-server on the PATH: install it (Debian: \"apt-get install redis-server\") or unset REDIS.");
        }
        if (program != Program.EMBEDDED && installed.isPresent()) {
            return installed.get();
        }
        try {
            File unpacked =
                    ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
            return unpacked.getAbsolutePath();
        } catch (IOException | RuntimeException e) {
            throw new CannotStart(
                    "The embedded redis-server cannot be unpacked into " + folder + ": " + e.getMessage()
                            + "; install one (Debian: \"apt-get install redis-server\").",
                    e);
        }
    }

    static Optional<String> onPath(String name) {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Answers PING at all; an error about a password is an answer, one about loading is not yet. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.LOOPBACK, port), 500);
            socket.setSoTimeout(500);
            OutputStream out = socket.getOutputStream();
            out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return answer != null && (answer.startsWith("+PONG") || answer.startsWith("-NOAUTH"));
        } catch (IOException notYet) {
            return false;
        }
    }

    private ServerProcess running() {
        ServerProcess current = process;
        if (current == null) {
            throw new IllegalStateException("Redis does not run.");
        }
        return current;
    }
}
