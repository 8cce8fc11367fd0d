package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A wrong clock for one process, by libfaketime. */
public final class FalseClock {

    private FalseClock() {}

    /** Whether the library is installed; if not, drills of wrong clocks are left out. */
    public static boolean possible() {
        return library().isPresent();
    }

    /**
     * The environment of a process whose clock is off by so much.
     *
     * @param offset in libfaketime's words: {@code +5m}, {@code -50s}
     * @throws CannotStart in one line, without the library
     */
    public static Map<String, String> off(String offset) {
        Path library = library()
                .orElseThrow(() -> new CannotStart("Install libfaketime for this (Debian: apt-get install faketime)."));
        return Map.of("LD_PRELOAD", library.toString(), "FAKETIME", offset);
    }

    private static Optional<Path> library() {
        try (Stream<Path> files =
                Files.find(Path.of("/usr/lib"), 4, (file, attributes) -> file.endsWith("libfaketime.so.1"))) {
            return files.findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
