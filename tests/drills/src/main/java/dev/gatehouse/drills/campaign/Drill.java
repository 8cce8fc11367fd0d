package dev.gatehouse.drills.campaign;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One fault, and what it must not do.
 *
 * @param name what {@code make drill NAME=} calls it: kebab-case
 * @param fault what goes wrong, in a few words
 * @param stage the platform it needs
 * @param bounds what is asked of the platform beside losing nothing
 * @param scenario makes the fault happen, with load on the platform before, during and after
 */
public record Drill(String name, String fault, Stage stage, Bounds bounds, Scenario scenario) {

    /** A drill that asks for nothing but that nothing is lost. */
    public static Drill of(String name, String fault, Stage stage, Scenario scenario) {
        return new Drill(name, fault, stage, Bounds.NONE, scenario);
    }

    /** Customers must be served again within this time after each fault is over. */
    public Drill recoversWithin(Duration limit) {
        return new Drill(name, fault, stage, new Bounds(limit, bounds.failedRequests(), bounds.mustLose()), scenario);
    }

    /** No request may be answered with a fault of the platform, not even once. */
    public Drill withoutFailedRequest() {
        return new Drill(name, fault, stage, new Bounds(bounds.recovery(), 0, bounds.mustLose()), scenario);
    }

    /** The control: what it does loses orders, and the checker must see it. */
    public Drill mustLose() {
        return new Drill(name, fault, stage, new Bounds(bounds.recovery(), bounds.failedRequests(), true), scenario);
    }

    /** Does it, from the first second of load to the last. */
    @FunctionalInterface
    public interface Scenario {
        void run(Trial trial) throws Exception;
    }

    /**
     * What is asked beside that nothing is lost.
     *
     * @param recovery longest time until customers are served again
     * @param failedRequests most requests that may fail
     * @param mustLose whether the checker has to find a loss
     */
    public record Bounds(
            @Nullable Duration recovery, @Nullable Integer failedRequests, boolean mustLose) {

        static final Bounds NONE = new Bounds(null, null, false);
    }
}
