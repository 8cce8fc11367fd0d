package dev.gatehouse.devstack;

import dev.gatehouse.devstack.process.ServerProcess;
import dev.gatehouse.devstack.supervisor.Leftovers;
import dev.gatehouse.devstack.supervisor.PlatformState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stops the platform of a data directory, whether its supervisor still lives or not. */
final class Down {

    private static final Duration IN_ORDER = Duration.ofSeconds(90);
    private static final Duration WITHOUT_SUPERVISOR = Duration.ofSeconds(30);

    private Down() {}

    static int run(Path home) {
        List<ProcessHandle> supervisors = Leftovers.supervisors(home);
        for (ProcessHandle supervisor : supervisors) {
            ServerProcess.signal(supervisor, "CONT");
            ServerProcess.signal(supervisor, "TERM");
            supervisor
                    .onExit()
                    .completeOnTimeout(supervisor, IN_ORDER.toSeconds(), TimeUnit.SECONDS)
                    .join();
            supervisor.destroyForcibly();
            supervisor.onExit().join();
        }
        int left = Leftovers.in(home).size();
        Leftovers.end(home, WITHOUT_SUPERVISOR);
        try {
            Files.deleteIfExists(PlatformState.file(home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (supervisors.isEmpty() && left == 0) {
            System.out.println("Gatehouse does not run.");
        } else {
            System.out.println("Gatehouse has stopped"
                    + (left > 0 ? "; " + left + " processes without a supervisor were ended." : "."));
        }
        return 0;
    }
}
