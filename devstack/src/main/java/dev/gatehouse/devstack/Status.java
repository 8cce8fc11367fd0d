package dev.gatehouse.devstack;

import dev.gatehouse.devstack.supervisor.Leftovers;
import dev.gatehouse.devstack.supervisor.Memory;
import dev.gatehouse.devstack.supervisor.PlatformState;
import dev.gatehouse.devstack.supervisor.PlatformState.PartState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Shows what runs. */
final class Status {

    private Status() {}

    /** Exit code 0 if everything is up, 3 if not. */
    static int run(Path home) {
        Optional<PlatformState> state = PlatformState.read(home);
        if (state.isEmpty() || state.get().supervisor().handle().isEmpty()) {
            int left = Leftovers.in(home).size();
            System.out.println(
                    left == 0
                            ? "Gatehouse does not run: `make dev-up` starts it."
                            : "The supervisor is gone, " + left + " of its processes run: `make dev-down` ends them.");
            return 3;
        }
        System.out.println("Gatehouse is " + state.get().phase() + ": "
                + state.get().urls().get("gateway"));
        System.out.printf(
                Locale.ROOT, "%-22s %-8s %8s %6s %8s %9s%n", "part", "state", "pid", "port", "restarts", "PSS MiB");
        boolean allUp = true;
        for (PartState part : state.get().parts()) {
            Optional<ProcessHandle> process =
                    Optional.ofNullable(part.process()).flatMap(PlatformState.ProcessMark::handle);
            String condition = process.map(Status::condition).orElse("down");
            allUp &= condition.equals("up");
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %-8s %8s %6d %8d %9s%n",
                    part.name(),
                    condition,
                    process.map(found -> Long.toString(found.pid())).orElse("-"),
                    part.port(),
                    part.restarts(),
                    process.flatMap(found -> {
                                var kib = Memory.proportionalKib(found.pid());
                                return kib.isPresent()
                                        ? Optional.of(Long.toString(kib.getAsLong() / 1024))
                                        : Optional.empty();
                            })
                            .orElse("-"));
        }
        return allUp ? 0 : 3;
    }

    private static String condition(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            // The letter after the name in parentheses; T is stopped by a signal.
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T' ? "paused" : "up";
        } catch (IOException gone) {
            return "down";
        }
    }
}
