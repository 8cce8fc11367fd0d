package dev.gatehouse.drills.campaign;

import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.agent.AgentOption;
import dev.gatehouse.drills.agent.Mutation;
import dev.gatehouse.drills.agent.Point;
import dev.gatehouse.drills.agent.Remote;
import dev.gatehouse.drills.check.Stores;
import dev.gatehouse.drills.load.Load;
import dev.gatehouse.drills.load.Load.Mix;
import dev.gatehouse.drills.load.Shop;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A running platform and what drills need around it. */
public final class Staged implements AutoCloseable {

    private static final int DISK_MEBIBYTES = 512;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);

    private final Platform platform;
    private final Stores stores;
    private final Map<String, Remote> agents = new HashMap<>();

    private Staged(Platform platform) {
        this.platform = platform;
        this.stores = new Stores(platform);
    }

    /** Starts the platform that a drill needs in an empty folder. */
    static Staged start(Drill drill, Pace pace, Path home) throws InterruptedException {
        PlatformSettings settings = PlatformSettings.forTest(PrivateFiles.folder(home))
                .withLinks()
                .withCopies(Service.BILLING, 2)
                .withCopies(Service.INVENTORY, 2)
                .withBroker(drill.stage() == Stage.RABBITMQ ? "rabbitmq" : "process");
        if (drill.stage() == Stage.SMALL_DISK) {
            settings = settings.withDatabaseDisk(DISK_MEBIBYTES);
        }
        if (drill.mutation() != null) {
            AgentOption option = AgentOption.in(settings.repository()).mutate(drill.mutation());
            if (drill.mutation() == Mutation.NO_VERSION_GUARD) {
                // So that somebody is always about to write when the process is frozen.
                option = option.delay(Point.BEFORE_STEP_COMMIT, Duration.ofMillis(300));
            }
            settings = settings.withJvmOptions(Service.BILLING, option.text());
        }
        Staged staged = new Staged(Platform.start(settings));
        if (drill.stage() == Stage.POINTS) {
            staged.armAgents();
        }
        staged.warmUp(pace);
        return staged;
    }

    /** Takes a few hundred orders that nobody judges: a process that has just begun is slow, which no drill is about. */
    private void warmUp(Pace pace) throws InterruptedException {
        try (Shop shop = new Shop(platform)) {
            Load load = Load.start(
                    shop,
                    shop.stock("warm-up", 900_000),
                    Mix.USUAL,
                    pace.seed(),
                    pace.ordersPerSecond(),
                    pace.readsPerSecond());
            Thread.sleep(WARM_UP);
            load.stop();
        }
    }

    /** Ends what the drill before may have left: toxics, plans of the provider, and copies that are still starting. */
    void settle() throws InterruptedException {
        platform.healLinks();
        platform.payments().clearFaults();
        for (Service service : Service.values()) {
            awaitReady(service);
        }
    }

    /**
     * Returns when every copy of the service takes requests.
     *
     * @throws IllegalStateException if one does not within three minutes
     */
    void awaitReady(Service service) throws InterruptedException {
        Instant end = Instant.now().plus(READY_LIMIT);
        for (ServiceInstance copy : platform.copies(service)) {
            while (!copy.ready()) {
                if (Instant.now().isAfter(end)) {
                    throw new IllegalStateException(
                            copy.name() + " is not ready within " + READY_LIMIT.toSeconds() + " s.");
                }
                Thread.sleep(100);
            }
        }
    }

    private void armAgents() {
        for (ServiceInstance copy : billing()) {
            int port = Ports.free();
            AgentOption option =
                    AgentOption.in(platform.settings().repository()).control(port);
            copy.launchWith(List.of(option.text()), Map.of());
            copy.restart();
            agents.put(copy.name(), new Remote(port));
        }
    }

    public Platform platform() {
        return platform;
    }

    public Stores stores() {
        return stores;
    }

    /** The billing services. */
    public List<ServiceInstance> billing() {
        return platform.copies(Service.BILLING);
    }

    /**
     * The agent in a billing service.
     *
     * @throws IllegalStateException on a stage without agents
     */
    public Remote agentOf(ServiceInstance copy) {
        Remote agent = agents.get(copy.name());
        if (agent == null) {
            throw new IllegalStateException(copy.name() + " has no agent.");
        }
        return agent;
    }

    @Override
    public void close() {
        platform.close();
    }
}
