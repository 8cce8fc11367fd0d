package dev.gatehouse.drills.campaign;

import java.time.Duration;

/**
 * How hard and how long.
 *
 * @param ordersPerSecond new orders each second
 * @param readsPerSecond catalogue readings each second
 * @param stretch what the times of quiet load are multiplied by
 * @param repeats what the number of repeated faults is multiplied by
 */
public record Pace(long seed, double ordersPerSecond, double readsPerSecond, double stretch, double repeats) {

    Duration stretched(Duration time) {
        return Duration.ofMillis((long) (time.toMillis() * stretch));
    }
}
