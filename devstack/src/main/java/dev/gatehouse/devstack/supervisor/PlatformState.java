package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.PrivateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a running platform tells others in {@code state.json} (mode 600) of its data directory.
 *
 * @param phase starting, ready or stopping
 * @param supervisor the process that runs it all
 * @param urls addresses by name: gateway, issuer, token, inventory, billing, payments
 * @param ports loopback ports by door
 * @param parts the processes; parts inside the supervisor have its id
 * @param credentials secrets by name
 */
public record PlatformState(
        String phase,
        ProcessMark supervisor,
        Map<String, String> urls,
        Map<String, Integer> ports,
        List<PartState> parts,
        Map<String, String> credentials) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /**
     * A process that cannot be confused with a later one of the same id.
     *
     * @param started when it started, by the operating system
     */
    public record ProcessMark(long pid, Instant started) {

        static ProcessMark of(ProcessHandle process) {
            return new ProcessMark(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
        }

        /** The process, if it still runs. */
        public Optional<ProcessHandle> handle() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            process.info().startInstant().orElse(Instant.EPOCH).equals(started));
        }
    }

    /**
     * One part of the platform.
     *
     * @param process null while it does not run
     * @param port its main port on 127.0.0.1
     * @param log its log file
     * @param restarts how often the supervisor has started it again
     */
    public record PartState(String name, @Nullable ProcessMark process, int port, String log, int restarts) {}

    /** The state file of a data directory. */
    public static Path file(Path home) {
        return home.resolve("state.json");
    }

    /** What the data directory tells, if there is anything. */
    public static Optional<PlatformState> read(Path home) {
        Path file = file(home);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), PlatformState.class));
        } catch (JacksonException e) {
            throw new CannotStart("The state file " + file + " cannot be read: remove it.", e);
        }
    }

    void write(Path home) {
        PrivateFiles.write(file(home), JSON.writeValueAsString(this) + "\n");
    }
}
