package dev.gatehouse.devstack;

import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;

/** Takes the services' jars apart, so that the first start need not. */
final class Prepare {

    private Prepare() {}

    static int run(PlatformSettings settings) {
        Platform.prepare(settings);
        return 0;
    }
}
