package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.faults.Copy;
import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running copy of a service, in a process of its own that is started again when it ends unasked.
 *
 * <p>A copy that has ended {@value #CRASHES_BORNE} times within five minutes is left alone. Safe for use by many threads.
 */
public final class ServiceInstance implements Copy {

    static final int CRASHES_BORNE = 5;

    private static final Logger log = LoggerFactory.getLogger(ServiceInstance.class);
    private static final Duration CRASH_WINDOW = Duration.ofMinutes(5);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);
    // Longer than the services take for a graceful end (20 s).
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private final String name;
    private final int port;
    private final int managementPort;
    private final Path folder;
    private final Path logFile;
    private final Function<List<String>, List<String>> command;
    private final Map<String, String> environment;
    private final Duration startLimit;
    private final ScheduledExecutorService supervisor;
    private final Runnable changed;
    private final Deque<Instant> crashes = new ArrayDeque<>();

    // Written under this object's lock, read without it: who asks must not wait for a start or a stop.
    private volatile @Nullable ServerProcess process;
    // Somebody wants it up; and it has been ready once, so that an end is a crash and not a failed start.
    private boolean wanted;
    private boolean supervised;
    private boolean retired;
    private volatile int restarts;
    private volatile @Nullable Integer exitCode;
    private volatile List<String> options = List.of();
    private volatile Map<String, String> variables = Map.of();

    ServiceInstance(
            String name,
            int port,
            int managementPort,
            Path folder,
            Path logFile,
            Function<List<String>, List<String>> command,
            Map<String, String> environment,
            Duration startLimit,
            ScheduledExecutorService supervisor,
            Runnable changed) {
        this.name = name;
        this.port = port;
        this.managementPort = managementPort;
        this.folder = folder;
        this.logFile = logFile;
        this.command = command;
        this.environment = Map.copyOf(environment);
        this.startLimit = startLimit;
        this.supervisor = supervisor;
        this.changed = changed;
    }

    /** For example billing-service, the second copy billing-service-2. */
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    public int managementPort() {
        return managementPort;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public Path log() {
        return logFile;
    }

    /** The operating system's id of the process; it changes with every restart. */
    public long pid() {
        return running().pid();
    }

    @Override
    public boolean alive() {
        ServerProcess current = process;
        return current != null && current.alive();
    }

    /** How often the supervisor has started it again by itself. */
    public int restarts() {
        return restarts;
    }

    /** How its last process ended, 137 for a SIGKILL; empty if none has ended yet. */
    public OptionalInt exitCode() {
        Integer last = exitCode;
        return last == null ? OptionalInt.empty() : OptionalInt.of(last);
    }

    /** Whether its readiness probe answers 200 now. */
    @Override
    public boolean ready() {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Starts the process if it does not run, and waits until it is ready; from then on it is started again when it ends.
     *
     * @throws CannotStart in one line, with the reason from its log
     */
    public void start() {
        ServerProcess started;
        synchronized (this) {
            if (retired) {
                throw new CannotStart(name + " is not started: the platform is stopping.");
            }
            wanted = true;
            if (alive()) {
                supervised = true;
                return;
            }
            supervised = false;
            started = launch();
        }
        started.awaitReady(() -> Ports.accepts(managementPort, Duration.ofMillis(200)) && ready(), startLimit);
        synchronized (this) {
            supervised = true;
            if (!started.alive()) {
                crashed(started);
            }
        }
    }

    /**
     * What this copy's JVM and environment have beside those of its service, from its next start on, whoever starts it.
     *
     * @param more JVM options; they win
     * @param overriding environment variables; they win
     */
    public void launchWith(List<String> more, Map<String, String> overriding) {
        options = List.copyOf(more);
        variables = Map.copyOf(overriding);
    }

    /** SIGTERM, then SIGKILL after 30 s; it stays down. */
    public void stop() {
        stop(STOP_LIMIT);
    }

    /** Stops it for good. */
    void retire() {
        synchronized (this) {
            retired = true;
        }
        stop();
    }

    /** SIGTERM, then SIGKILL after the limit; it stays down. */
    public synchronized void stop(Duration limit) {
        wanted = false;
        ServerProcess current = process;
        if (current != null && !current.stop("TERM", limit)) {
            log.warn("{} did not end within {} s and was killed", name, limit.toSeconds());
        }
        changed.run();
    }

    /** SIGKILL; it stays down until {@link #start()}. */
    public synchronized void kill() {
        wanted = false;
        running().kill();
        changed.run();
    }

    /** SIGKILL as from outside: the supervisor notices and starts it again. */
    public void crash() {
        running().kill();
    }

    /** Forgets its crashes: the next one counts as the first, and it is started again soon. */
    public synchronized void forgive() {
        crashes.clear();
    }

    /** SIGSTOP: connections are accepted by the system, nothing is answered. */
    public void pause() {
        running().pause();
    }

    /** SIGCONT. */
    public void resume() {
        running().resume();
    }

    /** Stops it in order and starts it again. */
    public void restart() {
        stop();
        start();
    }

    private ServerProcess launch() {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        ServerProcess started = ServerProcess.start(name, command.apply(options), all, folder, logFile);
        process = started;
        started.ended().thenRunAsync(() -> crashed(started), supervisor);
        log.info("{} started as process {} on port {}", name, started.pid(), port);
        changed.run();
        return started;
    }

    private synchronized void crashed(ServerProcess ended) {
        exitCode = ended.exitCode();
        if (ended != process || !wanted || !supervised) {
            return;
        }
        supervised = false;
        Instant now = Instant.now();
        crashes.addLast(now);
        while (crashes.getFirst().isBefore(now.minus(CRASH_WINDOW))) {
            crashes.removeFirst();
        }
        int count = crashes.size();
        if (count > CRASHES_BORNE) {
            log.error(
                    "{} ended {} times within {} min: it is left alone; see {}",
                    name,
                    count,
                    CRASH_WINDOW.toMinutes(),
                    logFile);
            changed.run();
            return;
        }
        Duration wait = Duration.ofMillis(500L << (count - 1));
        if (wait.compareTo(LONGEST_BACK_OFF) > 0) {
            wait = LONGEST_BACK_OFF;
        }
        log.warn(
                "{} (process {}) ended with exit code {}: started again in {} ms",
                name,
                ended.pid(),
                ended.exitCode(),
                wait.toMillis());
        supervisor.schedule(() -> again(ended), wait.toMillis(), TimeUnit.MILLISECONDS);
        changed.run();
    }

    private synchronized void again(ServerProcess ended) {
        if (process != ended || !wanted) {
            return;
        }
        restarts++;
        try {
            launch();
            // Not waited for: the next end counts as the next crash.
            supervised = true;
        } catch (CannotStart e) {
            log.error(e.getMessage());
        }
    }

    private ServerProcess running() {
        ServerProcess current = process;
        if (current == null || !current.alive()) {
            throw new IllegalStateException(name + " does not run.");
        }
        return current;
    }
}
