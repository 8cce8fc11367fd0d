package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a platform runs.
 *
 * @param repository the folder of the root pom, where the jars are
 * @param home where it keeps data, logs, credentials and its state
 * @param ports a loopback port for every door
 * @param broker embedded, process, rabbitmq or an amqp:// address
 * @param redis which server program
 * @param allowedOrigins web origins that may call the API from a browser
 * @param startupCaches whether the services use their JVM start-up caches where there are some
 * @param environment what a service's environment has beside the usual
 * @param jvmOptions what a service's JVM is told beside the usual
 * @param startLimit how long a service may take until it is ready
 * @param topology copies of services and what is between the parts
 * @param progress told of each part that is up
 */
public record PlatformSettings(
        Path repository,
        Path home,
        Map<Door, Integer> ports,
        String broker,
        RedisServer.Program redis,
        List<String> allowedOrigins,
        boolean startupCaches,
        Map<Service, Map<String, String>> environment,
        Map<Service, List<String>> jvmOptions,
        Duration startLimit,
        Topology topology,
        Consumer<String> progress) {

    // A machine that is busy with other things takes ten times as long as a quiet one.
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final List<String> ORIGINS = List.of("http://127.0.0.1:3000", "http://localhost:3000");

    public PlatformSettings {
        repository = repository.toAbsolutePath().normalize();
        home = home.toAbsolutePath().normalize();
        ports = Map.copyOf(ports);
        allowedOrigins = List.copyOf(allowedOrigins);
        environment = Map.copyOf(environment);
        jvmOptions = Map.copyOf(jvmOptions);
    }

    /**
     * What a test wants: free ports, everything in the given folder, broker and Redis as BROKER and REDIS say.
     *
     * @param home an empty folder, or one of an earlier platform whose data is wanted again
     */
    public static PlatformSettings forTest(Path home) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PORTS", "free");
        environment.put("GATEHOUSE_HOME", home.toString());
        return fromEnvironment(repositoryAbove(Path.of("")), environment);
    }

    /**
     * What the command line wants: GATEHOUSE_HOME, PORTS=default|free, GATEHOUSE_…_PORT, BROKER, REDIS,
     * GATEHOUSE_ALLOWED_ORIGINS (comma-separated), AOT=on|off.
     *
     * @throws CannotStart if one of them makes no sense
     */
    public static PlatformSettings fromEnvironment(Path repository, Map<String, String> environment) {
        String home = environment.getOrDefault("GATEHOUSE_HOME", "");
        String origins = environment.getOrDefault("GATEHOUSE_ALLOWED_ORIGINS", "");
        return new PlatformSettings(
                repository,
                home.isEmpty() ? repository.resolve(".devstack") : Path.of(home),
                Door.from(environment),
                environment.getOrDefault("BROKER", ""),
                RedisServer.Program.of(environment.get("REDIS")),
                origins.isEmpty() ? ORIGINS : Arrays.asList(origins.split(",")),
                !environment.getOrDefault("AOT", "on").equals("off"),
                Map.of(),
                Map.of(),
                START_LIMIT,
                Topology.USUAL,
                line -> {});
    }

    /** The nearest folder at or above the given one that is the repository's root. */
    public static Path repositoryAbove(Path start) {
        for (Path folder = start.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("devstack/pom.xml"))) {
                return folder;
            }
        }
        throw new CannotStart("There is no Gatehouse repository at or above " + start.toAbsolutePath() + ".");
    }

    /** Tells the consumer of each part that is up. */
    public PlatformSettings withProgress(Consumer<String> consumer) {
        return new PlatformSettings(
                repository,
                home,
                ports,
                broker,
                redis,
                allowedOrigins,
                startupCaches,
                environment,
                jvmOptions,
                startLimit,
                topology,
                consumer);
    }

    /** Other web origins that may call the API from a browser. */
    public PlatformSettings withAllowedOrigins(String... origins) {
        return new PlatformSettings(
                repository,
                home,
                ports,
                broker,
                redis,
                List.of(origins),
                startupCaches,
                environment,
                jvmOptions,
                startLimit,
                topology,
                progress);
    }

    /** Adds to a service's environment, or replaces what the platform would set. */
    public PlatformSettings withEnvironment(Service service, Map<String, String> variables) {
        Map<Service, Map<String, String>> all = new EnumMap<>(Service.class);
        all.putAll(environment);
        Map<String, String> merged = new HashMap<>(all.getOrDefault(service, Map.of()));
        merged.putAll(variables);
        all.put(service, Map.copyOf(merged));
        return new PlatformSettings(
                repository,
                home,
                ports,
                broker,
                redis,
                allowedOrigins,
                startupCaches,
                all,
                jvmOptions,
                startLimit,
                topology,
                progress);
    }

    /** Further options for a service's JVM; they come after the usual ones and win. */
    public PlatformSettings withJvmOptions(Service service, String... options) {
        Map<Service, List<String>> all = new EnumMap<>(Service.class);
        all.putAll(jvmOptions);
        all.put(service, List.of(options));
        return new PlatformSettings(
                repository,
                home,
                ports,
                broker,
                redis,
                allowedOrigins,
                startupCaches,
                environment,
                all,
                startLimit,
                topology,
                progress);
    }

    /** Another broker: embedded, process, rabbitmq or an amqp:// address. */
    public PlatformSettings withBroker(String word) {
        return new PlatformSettings(
                repository,
                home,
                ports,
                word,
                redis,
                allowedOrigins,
                startupCaches,
                environment,
                jvmOptions,
                startLimit,
                topology,
                progress);
    }

    /** Another time until a service must be ready. */
    public PlatformSettings withStartLimit(Duration limit) {
        return new PlatformSettings(
                repository,
                home,
                ports,
                broker,
                redis,
                allowedOrigins,
                startupCaches,
                environment,
                jvmOptions,
                limit,
                topology,
                progress);
    }

    /** A fault proxy on every {@link Link}; see {@link Platform#link(Link)}. */
    public PlatformSettings withLinks() {
        return with(new Topology(true, topology.copies(), topology.bothCompilers(), topology.databaseMebibytes()));
    }

    /** So many copies of the service from the start, behind one address that knows which of them are ready. */
    public PlatformSettings withCopies(Service service, int count) {
        Map<Service, Integer> all = new EnumMap<>(Service.class);
        all.putAll(topology.copies());
        all.put(service, count);
        return with(new Topology(topology.links(), all, topology.bothCompilers(), topology.databaseMebibytes()));
    }

    /** JVMs that become fast, as in production, instead of being ready soon. */
    public PlatformSettings withBothCompilers() {
        return with(new Topology(topology.links(), topology.copies(), true, topology.databaseMebibytes()));
    }

    /** PostgreSQL's data on a memory disk of that size, gone with the platform; see {@link Platform#databaseDisk()}. */
    public PlatformSettings withDatabaseDisk(int mebibytes) {
        return with(new Topology(topology.links(), topology.copies(), topology.bothCompilers(), mebibytes));
    }

    private PlatformSettings with(Topology other) {
        return new PlatformSettings(
                repository,
                home,
                ports,
                broker,
                redis,
                allowedOrigins,
                startupCaches,
                environment,
                jvmOptions,
                startLimit,
                other,
                progress);
    }

    int port(Door door) {
        Integer port = ports.get(door);
        if (port == null) {
            throw new IllegalStateException("no port for " + door);
        }
        return port;
    }

    /** The address of a door on this machine. */
    String url(Door door) {
        return "http://127.0.0.1:" + port(door);
    }
}
