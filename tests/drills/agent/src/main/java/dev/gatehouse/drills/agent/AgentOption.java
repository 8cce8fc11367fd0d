package dev.gatehouse.drills.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The JVM option that puts the agent into a service; a JVM takes one. */
public final class AgentOption {

    private final Path jar;
    private final List<String> orders;

    private AgentOption(Path jar, List<String> orders) {
        this.jar = jar;
        this.orders = List.copyOf(orders);
    }

    /**
     * An agent that does nothing yet.
     *
     * @param repository the folder of the root pom
     * @throws IllegalStateException if the agent is not built
     */
    public static AgentOption in(Path repository) {
        Path target = repository.resolve("tests/drills/agent/target");
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            Path jar = files.filter(file -> file.getFileName().toString().matches("drills-agent-[\\w.-]*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "The drills' agent is not built: run `mvn package -pl tests/drills/agent -am`."));
            return new AgentOption(jar, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process when the point is reached for the nth time. */
    public AgentOption halt(Point point, long nth) {
        return and("halt=" + point.word() + ":" + nth);
    }

    /** Holds up whoever reaches the point, every time. */
    public AgentOption delay(Point point, Duration delay) {
        return and("delay=" + point.word() + ":" + delay.toMillis());
    }

    /** Takes a safeguard away. */
    public AgentOption mutate(Mutation mutation) {
        return and("mutate=" + mutation.word());
    }

    /** Listens on a free loopback port for what a {@link Remote} says. */
    public AgentOption control(int port) {
        return and("control=" + port);
    }

    /** The option, for example {@code -javaagent:/…/drills-agent-0.1.0.jar=mutate=no-lease}. */
    public String text() {
        return "-javaagent:" + jar.toAbsolutePath() + "=" + String.join(",", orders);
    }

    private AgentOption and(String order) {
        List<String> all = new ArrayList<>(orders);
        all.add(order);
        return new AgentOption(jar, all);
    }
}
