package dev.gatehouse.drills.campaign;

import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.drills.check.Stores;
import java.nio.file.Path;

/** A running platform and what drills need around it. */
public final class Staged implements AutoCloseable {

    private final Platform platform;
    private final Stores stores;

    private Staged(Platform platform) {
        this.platform = platform;
        this.stores = new Stores(platform);
    }

    /** Starts the platform of a stage in an empty folder. */
    static Staged start(Stage stage, Path home) {
        PlatformSettings settings = PlatformSettings.forTest(PrivateFiles.folder(home));
        if (stage == Stage.RABBITMQ) {
            settings = settings.withBroker("rabbitmq");
        }
        Platform platform = Platform.start(settings);
        platform.startAnother(Service.BILLING);
        return new Staged(platform);
    }

    public Platform platform() {
        return platform;
    }

    public Stores stores() {
        return stores;
    }

    @Override
    public void close() {
        platform.close();
    }
}
