package dev.gatehouse.drills.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is told to do.
 *
 * @param failpoints what is to happen at points
 * @param controlPort where it listens for more, null for nowhere
 */
record Orders(
        List<Consumer<Failpoints>> failpoints,
        Set<Mutation> mutations,
        @Nullable Integer controlPort) {

    /**
     * Reads orders separated by commas.
     *
     * @throws IllegalArgumentException if one makes no sense
     */
    static Orders parsed(String text) {
        List<Consumer<Failpoints>> failpoints = new ArrayList<>();
        Set<Mutation> mutations = EnumSet.noneOf(Mutation.class);
        Integer controlPort = null;
        for (String order : text.split(",")) {
            if (order.isBlank()) {
                continue;
            }
            String[] parts = order.strip().split("[=:]");
            String value = parts.length > 1 ? parts[1] : "";
            switch (parts[0]) {
                case "halt" -> {
                    Point point = Point.of(value);
                    long nth = parts.length > 2 ? Long.parseLong(parts[2]) : 1;
                    failpoints.add(all -> all.haltAt(point, nth));
                }
                case "delay" -> {
                    Point point = Point.of(value);
                    if (parts.length < 3) {
                        throw new IllegalArgumentException("How long? " + order);
                    }
                    Duration delay = Duration.ofMillis(Long.parseLong(parts[2]));
                    failpoints.add(all -> all.delayAt(point, delay));
                }
                case "clear" -> failpoints.add(Failpoints::clear);
                case "mutate" -> mutations.add(Mutation.of(value));
                case "control" -> controlPort = Integer.valueOf(value);
                default -> throw new IllegalArgumentException("There is no order " + order + ".");
            }
        }
        return new Orders(List.copyOf(failpoints), mutations, controlPort);
    }

    void apply(Failpoints all) {
        failpoints.forEach(each -> each.accept(all));
    }
}
