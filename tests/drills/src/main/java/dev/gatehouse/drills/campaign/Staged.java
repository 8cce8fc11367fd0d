package dev.gatehouse.drills.campaign;

import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.agent.AgentOption;
import dev.gatehouse.drills.agent.Remote;
import dev.gatehouse.drills.check.Stores;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A running platform and what drills need around it. */
public final class Staged implements AutoCloseable {

    private static final int DISK_MEBIBYTES = 512;

    private final Platform platform;
    private final Stores stores;
    private final Map<String, Remote> agents = new HashMap<>();

    private Staged(Platform platform) {
        this.platform = platform;
        this.stores = new Stores(platform);
    }

    /** Starts the platform that a drill needs in an empty folder. */
    static Staged start(Drill drill, Path home) {
        PlatformSettings settings = PlatformSettings.forTest(PrivateFiles.folder(home))
                .withLinks()
                .withCopies(Service.BILLING, 2)
                .withCopies(Service.INVENTORY, 2)
                .withBroker(drill.stage() == Stage.RABBITMQ ? "rabbitmq" : "process");
        if (drill.stage() == Stage.SMALL_DISK) {
            settings = settings.withDatabaseDisk(DISK_MEBIBYTES);
        }
        if (drill.mutation() != null) {
            settings = settings.withJvmOptions(
                    Service.BILLING,
                    AgentOption.in(settings.repository())
                            .mutate(drill.mutation())
                            .text());
        }
        Staged staged = new Staged(Platform.start(settings));
        if (drill.stage() == Stage.POINTS) {
            staged.armAgents();
        }
        return staged;
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
