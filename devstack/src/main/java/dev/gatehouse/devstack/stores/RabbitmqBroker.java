package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The RabbitMQ installed on this machine as a private node, with its own port mapper, cookie and data. */
public final class RabbitmqBroker implements AmqpBroker {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final String USERNAME = "gatehouse";

    private final Path folder;
    private final int port;
    private final String password;
    private final Path program;
    private final Path log;
    private final int distributionPort = Ports.free();
    private final int mapperPort = Ports.free();
    private volatile @Nullable ServerProcess process;
    private @Nullable ServerProcess mapper;

    private RabbitmqBroker(Path folder, int port, String password, Path program, Path log) {
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
        this.password = password;
        this.program = program;
        this.log = log;
    }

    /**
     * A stopped broker that keeps everything in the folder.
     *
     * @throws CannotStart if RabbitMQ is not installed
     */
    public static RabbitmqBroker in(Path folder, int port, String password, Path log) {
        Path program = installed()
                .orElseThrow(
                        () -> new CannotStart(
                                "BROKER=rabbitmq, but no RabbitMQ is installed: install it (Debian: \"apt-get install --no-install-recommends rabbitmq-server\") or unset BROKER."));
        return new RabbitmqBroker(folder, port, password, program, log);
    }

    /** The server script inside the package's own folder; the one on the PATH insists on its own user. */
    public static Optional<Path> installed() {
        Path packages = Path.of("/usr/lib/rabbitmq/lib");
        if (!Files.isDirectory(packages)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(packages)) {
            return versions.map(version -> version.resolve("sbin/rabbitmq-server"))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String kind() {
        return "rabbitmq";
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
        return "/";
    }

    @Override
    public Optional<Long> pid() {
        return Optional.ofNullable(process).filter(ServerProcess::alive).map(ServerProcess::pid);
    }

    public Path log() {
        return log;
    }

    @Override
    public synchronized void start() {
        ServerProcess current = process;
        if (current != null && current.alive()) {
            return;
        }
        PrivateFiles.folder(folder);
        orphans(folder).forEach(RabbitmqBroker::end);
        Ports.requireFree(port, "the message broker", "set GATEHOUSE_AMQP_PORT to another port");
        PrivateFiles.write(folder.resolve("enabled_plugins"), "[].\n");
        PrivateFiles.write(folder.resolve("rabbitmq.conf"), """
                listeners.tcp.local = 127.0.0.1:%d
                default_user = %s
                default_pass = %s
                loopback_users.%s = true
                log.console = true
                log.console.level = info
                """.formatted(port, USERNAME, password, USERNAME));
        startMapper();
        ServerProcess started =
                ServerProcess.start("RabbitMQ", List.of(program.toString()), environment(), folder, log());
        try {
            started.awaitReady(() -> Ports.accepts(port, Duration.ofMillis(200)), START_LIMIT);
        } catch (CannotStart e) {
            stopMapper();
            throw e;
        }
        process = started;
        recordPids();
    }

    @Override
    public synchronized void stop() {
        ServerProcess current = process;
        if (current != null) {
            current.stop("TERM", STOP_LIMIT);
            process = null;
        }
        stopMapper();
    }

    @Override
    public synchronized void kill() {
        running().kill();
        process = null;
        stopMapper();
    }

    @Override
    public void pause() {
        running().pause();
        running().handle().descendants().forEach(ServerProcess::pause);
    }

    @Override
    public void resume() {
        running().handle().descendants().forEach(child -> ServerProcess.signal(child, "CONT"));
        running().resume();
    }

    /** Raises the memory alarm: the broker reads nothing from publishers until {@link #clearAlarm()}. */
    public void raiseAlarm() {
        control("set_vm_memory_high_watermark", "absolute", "1");
    }

    /** Reads from publishers again. */
    public void clearAlarm() {
        control("set_vm_memory_high_watermark", "0.4");
    }

    /** Has the running broker carry out a command of rabbitmqctl's. */
    private void control(String... command) {
        running();
        List<String> words = new ArrayList<>();
        words.add(program.resolveSibling("rabbitmqctl").toString());
        words.addAll(List.of("--node", "gatehouse" + port + "@localhost"));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().putAll(environment());
        // That one is the server's, which has the port already.
        builder.environment().remove("RABBITMQ_DIST_PORT");
        builder.redirectErrorStream(true);
        try {
            Process run = builder.start();
            String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (run.waitFor() != 0) {
                throw new IllegalStateException("rabbitmqctl " + String.join(" ", command) + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted", e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** The processes a killed JVM left in the folder. */
    static List<ProcessHandle> orphans(Path folder) {
        try (Stream<String> pids = Files.lines(folder.resolve("pids"))) {
            return pids.map(line -> line.split(" ", 2))
                    .flatMap(fields -> ProcessHandle.of(Long.parseLong(fields[0]))
                            .filter(process -> process.info()
                                    .startInstant()
                                    .map(Object::toString)
                                    .orElse("")
                                    .equals(fields[1]))
                            .stream())
                    .toList();
        } catch (IOException | RuntimeException none) {
            return List.of();
        }
    }

    static void end(ProcessHandle process) {
        ServerProcess.signal(process, "CONT");
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, 10, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    private void recordPids() {
        StringBuilder text = new StringBuilder();
        Stream.of(process, mapper).forEach(each -> {
            if (each != null) {
                text.append(each.pid())
                        .append(' ')
                        .append(each.handle()
                                .info()
                                .startInstant()
                                .map(Object::toString)
                                .orElse(""))
                        .append('\n');
            }
        });
        PrivateFiles.write(folder.resolve("pids"), text.toString());
    }

    /** Started here and not by the node, which would leave it behind. */
    private void startMapper() {
        if (mapper != null && mapper.alive()) {
            return;
        }
        ServerProcess started = ServerProcess.start(
                "RabbitMQ's port mapper",
                List.of("epmd", "-port", Integer.toString(mapperPort), "-address", Ports.LOOPBACK),
                Map.of("HOME", folder.toString()),
                folder,
                folder.resolve("epmd.log"));
        started.awaitReady(() -> Ports.accepts(mapperPort, Duration.ofMillis(200)), START_LIMIT);
        mapper = started;
    }

    private void stopMapper() {
        if (mapper != null) {
            mapper.stop("TERM", Duration.ofSeconds(5));
            mapper = null;
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("RABBITMQ_NODENAME", "gatehouse" + port + "@localhost");
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_LOGS", "-");
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                folder.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
        environment.put("RABBITMQ_PID_FILE", folder.resolve("rabbitmq.pid").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        // The distribution port would listen on every address.
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none");
        environment.put("ERL_EPMD_ADDRESS", Ports.LOOPBACK);
        environment.put("ERL_EPMD_PORT", Integer.toString(mapperPort));
        environment.put("HOME", folder.toString());
        return environment;
    }

    private ServerProcess running() {
        ServerProcess current = process;
        if (current == null) {
            throw new IllegalStateException("RabbitMQ does not run.");
        }
        return current;
    }
}
