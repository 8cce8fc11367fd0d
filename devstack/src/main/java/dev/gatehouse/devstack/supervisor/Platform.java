package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.faults.FaultProxy;
import dev.gatehouse.devstack.faults.ServiceAddress;
import dev.gatehouse.devstack.faults.SmallDisk;
import dev.gatehouse.devstack.issuer.Issuer;
import dev.gatehouse.devstack.issuer.IssuerSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.AmqpBroker;
import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.stores.PostgresServer;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.stores.RedisServer;
import dev.gatehouse.devstack.stores.Standby;
import dev.gatehouse.devstack.supervisor.PlatformState.PartState;
import dev.gatehouse.devstack.supervisor.PlatformState.ProcessMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole running platform: the stores, the broker, the issuer and the payment provider in this JVM or below it, the
 * three services as processes. Every part can be stopped, started, killed, paused and resumed. Safe for use by many
 * threads.
 */
public final class Platform implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Platform.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration FIRST_REQUEST_LIMIT = Duration.ofSeconds(60);

    private final PlatformSettings settings;
    private final Credentials credentials;
    private final FileChannel lock;
    private final long startedNanos = System.nanoTime();
    private final Map<Service, List<ServiceInstance>> instances = new EnumMap<>(Service.class);
    private final ScheduledExecutorService supervisor;

    private final Map<Service, ServiceAddress> addresses = new EnumMap<>(Service.class);
    private final Map<Link, FaultProxy> links = new EnumMap<>(Link.class);
    private final List<PostgresServer> formerly = new CopyOnWriteArrayList<>();
    private final @Nullable SmallDisk disk;
    private volatile PostgresServer postgres;
    private volatile @Nullable Standby standby;
    private final RedisServer redis;
    private final AmqpBroker broker;
    private volatile @Nullable PaymentProviderSimulator payments;
    private volatile @Nullable Issuer issuer;
    private volatile String phase = "starting";
    private volatile CompletableFuture<Void> starts = CompletableFuture.completedFuture(null);
    private final Thread end = new Thread(this::close, "platform-end");
    private volatile boolean closed;

    private Platform(PlatformSettings settings, FileChannel lock) {
        this.settings = settings;
        this.lock = lock;
        this.credentials = Credentials.in(settings.home());
        this.supervisor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("supervisor").factory());
        Path home = settings.home();
        Path data = PrivateFiles.folder(home.resolve("postgres"));
        SmallDisk.unmount(data);
        int mebibytes = settings.topology().databaseMebibytes();
        this.disk = mebibytes == 0 ? null : SmallDisk.mount(data, mebibytes);
        this.postgres = PostgresServer.in(data, settings.port(Door.POSTGRES), logOf("postgresql"));
        this.redis = RedisServer.in(
                home.resolve("redis"),
                settings.port(Door.REDIS),
                settings.redis(),
                credentials.of("redis"),
                logOf("redis"));
        this.broker = AmqpBroker.of(
                settings.broker(),
                home.resolve("broker"),
                settings.port(Door.AMQP),
                credentials.of("broker"),
                logOf("broker"));
        if (disk != null) {
            // Else the log of the transactions alone would fill the disk before anybody does.
            postgres.setting("max_wal_size", Math.max(64, mebibytes / 4) + "MB");
        }
        for (Service service : Service.values()) {
            instances.put(service, new CopyOnWriteArrayList<>());
        }
        connect();
    }

    /** Puts addresses before services that have several copies, and fault proxies where they are wanted. */
    private void connect() {
        boolean wanted = settings.topology().links();
        for (Service service : List.of(Service.INVENTORY, Service.BILLING)) {
            if (wanted || settings.topology().copiesOf(service) > 1) {
                addresses.put(service, ServiceAddress.of(() -> instancesOf(service)));
            }
        }
        if (wanted) {
            for (Link link : Link.values()) {
                links.put(link, FaultProxy.on(Ports.free(), behind(link), link.ordinal()));
            }
        }
    }

    /** The port at the far end of a link. */
    private int behind(Link link) {
        return switch (link) {
            case BILLING_POSTGRES, INVENTORY_POSTGRES, STANDBY_PRIMARY -> postgres.port();
            case BILLING_REDIS, INVENTORY_REDIS -> redis.port();
            case BILLING_BROKER -> broker.port();
            case BILLING_PAYMENTS -> settings.port(Door.PAYMENTS);
            case BILLING_INVENTORY, GATEWAY_INVENTORY -> portOf(Service.INVENTORY);
            case GATEWAY_BILLING -> portOf(Service.BILLING);
        };
    }

    private int portOf(Service service) {
        ServiceAddress address = addresses.get(service);
        return address == null ? settings.port(service.door()) : address.port();
    }

    /** Where the service at the near end of a link connects. */
    int portOf(Link link) {
        FaultProxy proxy = links.get(link);
        return proxy == null ? behind(link) : proxy.port();
    }

    /** The same as an HTTP address. */
    String reach(Link link) {
        return "http://" + Ports.LOOPBACK + ":" + portOf(link);
    }

    /**
     * Starts everything and returns when a request through the gateway has succeeded.
     *
     * @throws CannotStart in one line; nothing is left running
     */
    public static Platform start(PlatformSettings settings) {
        Path home = PrivateFiles.folder(settings.home());
        PrivateFiles.folder(home.resolve("logs"));
        FileChannel lock = lock(home);
        Platform platform = null;
        try {
            Leftovers.end(home, Duration.ofSeconds(10));
            for (Door door : Door.values()) {
                if (door != Door.AMQP || !settings.broker().startsWith("amqp://")) {
                    Ports.requireFree(
                            settings.port(door),
                            door.part(),
                            "set " + door.variable() + " to another port, or PORTS=free");
                }
            }
            for (Service service : Service.values()) {
                Layout.of(settings.repository(), service.module()).built();
            }
            keepOldLogs(home.resolve("logs"));
            platform = new Platform(settings, lock);
            // Whatever ends this JVM, short of SIGKILL, ends the platform.
            Runtime.getRuntime().addShutdownHook(platform.end);
            platform.up();
            return platform;
        } catch (RuntimeException e) {
            if (platform != null) {
                platform.close();
            } else {
                unlock(lock);
            }
            throw e;
        }
    }

    /**
     * Takes the services' jars apart as they are needed to start; does nothing where that is done.
     *
     * @throws CannotStart if one is not built
     */
    public static void prepare(PlatformSettings settings) {
        for (Service service : Service.values()) {
            Layout.of(settings.repository(), service.module()).extracted();
        }
    }

    /** Where a service's JVM start-up cache is kept. */
    public static Path cacheFile(PlatformSettings settings, Service service) {
        return Layout.of(settings.repository(), service.module()).cacheFile();
    }

    /** The address of the gateway: the one door for callers. */
    public String gatewayUrl() {
        return settings.url(Door.GATEWAY);
    }

    /** The issuer's address, which is also its name in tokens. */
    public String issuerUrl() {
        return settings.url(Door.ISSUER);
    }

    public PlatformSettings settings() {
        return settings;
    }

    /** The first copy of the service. */
    public ServiceInstance service(Service service) {
        return copies(service).getFirst();
    }

    /** All copies of the service. */
    public List<ServiceInstance> copies(Service service) {
        return List.copyOf(instancesOf(service));
    }

    /**
     * Starts one more copy of the service on free ports and waits until it is ready. Others find it where the service
     * has an address of its own: on a platform with links or with several copies of it from the start.
     */
    public ServiceInstance startAnother(Service service) {
        return startAnother(service, List.of(), Map.of());
    }

    /**
     * The same with more JVM options and environment variables for this copy alone.
     *
     * @see ServiceInstance#launchWith(List, Map)
     */
    public ServiceInstance startAnother(Service service, List<String> options, Map<String, String> environment) {
        ServiceInstance another;
        synchronized (instances) {
            another = instance(service, instancesOf(service).size() + 1, Ports.free(), Ports.free());
        }
        another.launchWith(options, environment);
        another.start();
        return another;
    }

    /**
     * The fault proxy on a link.
     *
     * @throws IllegalStateException on a platform without links
     */
    public FaultProxy link(Link link) {
        FaultProxy proxy = links.get(link);
        if (proxy == null) {
            throw new IllegalStateException("This platform was started without links: PlatformSettings.withLinks().");
        }
        return proxy;
    }

    /** Removes every toxic from every link. */
    public void healLinks() {
        links.values().forEach(FaultProxy::reset);
    }

    /**
     * The address of all copies of a service.
     *
     * @throws IllegalStateException if it has none: one copy, without links
     */
    public ServiceAddress address(Service service) {
        ServiceAddress address = addresses.get(service);
        if (address == null) {
            throw new IllegalStateException(service.module() + " has no address for several copies.");
        }
        return address;
    }

    /**
     * The memory disk under PostgreSQL's data.
     *
     * @throws IllegalStateException on a platform without one
     */
    public SmallDisk databaseDisk() {
        if (disk == null) {
            throw new IllegalStateException("This platform was started without PlatformSettings.withDatabaseDisk().");
        }
        return disk;
    }

    /**
     * Starts a standby of PostgreSQL over {@link Link#STANDBY_PRIMARY}, which follows when this returns. Commits do not
     * wait for it until it is told so.
     */
    public synchronized Standby startStandby() {
        end(standby);
        String name = "postgres-" + (formerly.size() + 2);
        Standby fresh = Standby.start(
                postgres,
                settings.home().resolve(name),
                Ports.free(),
                logOf(name.replace("postgres", "postgresql")),
                portOf(Link.STANDBY_PRIMARY));
        standby = fresh;
        return fresh;
    }

    /**
     * Lets the standby take the place of PostgreSQL, for good: promotes it and switches the services' links to it.
     *
     * @return the server that {@link #postgres()} is from now on
     */
    public synchronized PostgresServer failOver() {
        Standby next = started(standby);
        PostgresServer promoted = next.promote();
        formerly.add(postgres);
        postgres = promoted;
        standby = null;
        for (Link each : List.of(Link.BILLING_POSTGRES, Link.INVENTORY_POSTGRES, Link.STANDBY_PRIMARY)) {
            link(each).target(promoted.port());
            link(each).cut();
        }
        return promoted;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public RedisServer redis() {
        return redis;
    }

    public AmqpBroker broker() {
        return broker;
    }

    public PaymentProviderSimulator payments() {
        return started(payments);
    }

    /** The service's database, with the role the service itself uses. */
    public Database database(Service service) {
        return postgres.database(databaseOf(service), credentials.of("postgres." + databaseOf(service)));
    }

    /** A fresh access token of the client with the user's rights. */
    public String token(DemoUser user) {
        return Tokens.fetch(issuerUrl(), user.clientId(), credentials.of(Tokens.secretOf(user.clientId())));
    }

    /** What the user logs in with. */
    public String password(DemoUser user) {
        return credentials.of(Tokens.secretOf(user.username()));
    }

    /** Stops everything in order: first who takes requests, last who keeps data. Returns when no process is left. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        phase = "stopping";
        writeState();
        supervisor.shutdownNow();
        end(instancesOf(Service.GATEWAY).stream());
        end(Stream.of(Service.BILLING, Service.INVENTORY).flatMap(service -> instancesOf(service).stream()));
        // What was still starting: its end comes after its start, and no service starts any more.
        starts.exceptionally(failed -> null)
                .completeOnTimeout(null, START_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        Stream.concat(links.values().stream(), addresses.values().stream()).forEach(Platform::end);
        Stream.of(payments, issuer, broker, redis, standby, postgres).forEach(Platform::end);
        formerly.forEach(Platform::end);
        Leftovers.end(settings.home(), Duration.ofSeconds(5));
        end(disk);
        try {
            Files.deleteIfExists(PlatformState.file(settings.home()));
        } catch (IOException e) {
            log.warn("the state file stays", e);
        }
        unlock(lock);
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException endOfTheJvm) {
            // this is the hook
        }
        log.info("everything has stopped");
    }

    private void up() {
        writeState();
        ExecutorService threads = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("start-", 0).factory());
        try {
            // Before any thread of its own: java.util.logging's first use from several threads at once can lock up.
            java.util.logging.LogManager.getLogManager();
            CompletableFuture<Void> postgresUp = begin(threads, "postgresql", Door.POSTGRES, () -> {
                postgres.start();
                database(Service.INVENTORY);
                database(Service.BILLING);
            });
            CompletableFuture<Void> redisUp = begin(threads, "redis", Door.REDIS, redis::start);
            CompletableFuture<Void> brokerUp = begin(threads, "broker", Door.AMQP, broker::start);
            CompletableFuture<Void> issuerUp = begin(
                    threads,
                    "issuer",
                    Door.ISSUER,
                    () -> issuer = Issuer.start(IssuerSettings.demo(
                            settings.port(Door.ISSUER),
                            settings.home().resolve("issuer"),
                            gatewayUrl(),
                            name -> credentials.of(Tokens.secretOf(name)))));
            CompletableFuture<Void> paymentsUp = begin(threads, "payment provider", Door.PAYMENTS, this::startPayments);
            List<CompletableFuture<Void>> all =
                    new ArrayList<>(List.of(postgresUp, redisUp, brokerUp, issuerUp, paymentsUp));
            CompletableFuture<Void> stores = CompletableFuture.allOf(postgresUp, redisUp);
            all.add(begin(threads, Service.GATEWAY, CompletableFuture.completedFuture(null)));
            all.add(begin(threads, Service.INVENTORY, stores));
            // Without a broker its listeners would look for one only every five seconds.
            all.add(begin(threads, Service.BILLING, CompletableFuture.allOf(stores, brokerUp)));
            starts = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
            awaitAll(all);
            firstRequest();
            phase = "ready";
            writeState();
        } finally {
            threads.shutdown();
        }
    }

    private CompletableFuture<Void> begin(ExecutorService threads, String part, Door door, Runnable start) {
        return CompletableFuture.runAsync(start, threads).thenRun(() -> {
            progress(part, settings.port(door));
            writeState();
        });
    }

    private CompletableFuture<Void> begin(ExecutorService threads, Service service, CompletableFuture<Void> needed) {
        return needed.thenRunAsync(
                () -> {
                    Layout.of(settings.repository(), service.module()).extracted();
                    List<ServiceInstance> copies = new ArrayList<>();
                    synchronized (instances) {
                        if (closed) {
                            return;
                        }
                        copies.add(instance(
                                service, 1, settings.port(service.door()), settings.port(service.managementDoor())));
                        while (copies.size() < settings.topology().copiesOf(service)) {
                            copies.add(instance(service, copies.size() + 1, Ports.free(), Ports.free()));
                        }
                    }
                    CompletableFuture.allOf(copies.stream()
                                    .map(copy -> CompletableFuture.runAsync(
                                            () -> {
                                                copy.start();
                                                progress(copy.name(), copy.port());
                                            },
                                            threads))
                                    .toArray(CompletableFuture[]::new))
                            .join();
                },
                threads);
    }

    /** Waits for all, but not for the rest when one has failed. */
    private static void awaitAll(List<CompletableFuture<Void>> all) {
        CompletableFuture<Void> failed = new CompletableFuture<>();
        all.forEach(each -> each.exceptionally(cause -> {
            failed.completeExceptionally(cause);
            return null;
        }));
        try {
            CompletableFuture.anyOf(failed, CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof CannotStart line) {
                throw line;
            }
            String message = cause.getMessage();
            throw new CannotStart(message == null ? cause.toString() : message, cause);
        }
    }

    private void firstRequest() {
        URI uri = URI.create(gatewayUrl() + "/api/films?limit=1");
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        String last = "no answer";
        long end = System.nanoTime() + FIRST_REQUEST_LIMIT.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (System.nanoTime() < end) {
                try {
                    int status = client.send(request, BodyHandlers.ofString()).statusCode();
                    if (status == 200) {
                        progress("request through the gateway", settings.port(Door.GATEWAY));
                        return;
                    }
                    last = "status " + status;
                } catch (IOException e) {
                    last = e.toString();
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new CannotStart("GET " + uri + " did not succeed within " + FIRST_REQUEST_LIMIT.toSeconds() + " s: "
                + last + "; see the logs in " + settings.home().resolve("logs") + ".");
    }

    private void startPayments() {
        payments = PaymentProviderSimulator.start(
                PaymentProviderSettings.in(PrivateFiles.folder(settings.home().resolve("payments")))
                        .withPort(settings.port(Door.PAYMENTS))
                        .withSecrets(
                                credentials.of("payment.api-key", "sk_test_"),
                                credentials.of("payment.webhook-secret", "whsec_"))
                        .withWebhooks(URI.create(settings.url(Door.GATEWAY) + "/api/webhooks/payments")));
    }

    /** Describes one copy of a service and remembers it; it is not started. */
    private ServiceInstance instance(Service service, int number, int port, int managementPort) {
        String name = number == 1 ? service.module() : service.module() + "-" + number;
        ServiceInstance instance = new ServiceInstance(
                name,
                port,
                managementPort,
                PrivateFiles.folder(settings.home().resolve("run").resolve(name)),
                logOf(name),
                options -> ServiceCommand.of(settings, service, options),
                ServiceEnvironment.of(this, settings, credentials, service, port, managementPort),
                settings.startLimit(),
                supervisor,
                this::writeState);
        instancesOf(service).add(instance);
        return instance;
    }

    private List<ServiceInstance> instancesOf(Service service) {
        List<ServiceInstance> found = instances.get(service);
        if (found == null) {
            throw new IllegalStateException("no list for " + service);
        }
        return found;
    }

    static String databaseOf(Service service) {
        return service.name().toLowerCase(Locale.ROOT);
    }

    private Path logOf(String part) {
        return settings.home().resolve("logs").resolve(part + ".log");
    }

    private void progress(String part, int port) {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        settings.progress().accept(String.format(Locale.ROOT, "%6.1f s  %-28s 127.0.0.1:%d", seconds, part, port));
    }

    private synchronized void writeState() {
        if (closed && !phase.equals("stopping")) {
            return;
        }
        ProcessMark self = ProcessMark.of(ProcessHandle.current());
        List<PartState> parts = new ArrayList<>();
        parts.add(new PartState(
                "postgresql",
                mark(postgres.alive(), postgres::pid),
                postgres.port(),
                logOf("postgresql").toString(),
                0));
        parts.add(new PartState(
                "redis",
                mark(redis.alive(), redis::pid),
                redis.port(),
                logOf("redis").toString(),
                0));
        String own = logOf("devstack").toString();
        parts.add(new PartState(
                "broker (" + broker.kind() + ")",
                broker.pid().map(pid -> mark(true, () -> pid)).orElse(null),
                broker.port(),
                own,
                0));
        parts.add(new PartState("issuer", issuer == null ? null : self, settings.port(Door.ISSUER), own, 0));
        parts.add(new PartState(
                "payment provider", payments == null ? null : self, settings.port(Door.PAYMENTS), own, 0));
        for (Service service : Service.values()) {
            for (ServiceInstance each : instancesOf(service)) {
                parts.add(new PartState(
                        each.name(),
                        mark(each.alive(), each::pid),
                        each.port(),
                        each.log().toString(),
                        each.restarts()));
            }
        }
        Map<String, Integer> ports = new TreeMap<>();
        settings.ports().forEach((door, port) -> ports.put(door.key(), port));
        Map<String, String> urls = Map.of(
                "gateway", gatewayUrl(),
                "inventory", settings.url(Door.INVENTORY),
                "billing", settings.url(Door.BILLING),
                "issuer", issuerUrl(),
                "token", issuerUrl() + "/oauth2/token",
                "payments", settings.url(Door.PAYMENTS));
        new PlatformState(phase, self, urls, ports, parts, credentials.all()).write(settings.home());
    }

    private static @Nullable ProcessMark mark(boolean alive, java.util.function.LongSupplier pid) {
        try {
            return alive
                    ? ProcessHandle.of(pid.getAsLong()).map(ProcessMark::of).orElse(null)
                    : null;
        } catch (IllegalStateException endedMeanwhile) {
            return null;
        }
    }

    private static void end(Stream<ServiceInstance> copies) {
        List<Thread> threads =
                copies.map(copy -> Thread.ofPlatform().start(copy::retire)).toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void end(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            log.warn("a part did not stop", e);
        }
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("It has not started.");
        }
        return part;
    }

    private static FileChannel lock(Path home) {
        try {
            FileChannel channel =
                    FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException inThisJvm) {
                // refused below
            }
            channel.close();
            throw new CannotStart("A platform already runs on " + home + ": `make dev-down` stops it.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unlock(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The logs of the last run stay beside the new ones, with .1 at their end. */
    private static void keepOldLogs(Path logs) {
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".log")).toList()) {
                // This JVM has its own open already.
                if (!file.endsWith("devstack.log") && !file.endsWith("progress.log")) {
                    Files.move(
                            file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
