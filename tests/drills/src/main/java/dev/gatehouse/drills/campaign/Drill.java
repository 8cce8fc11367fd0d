package dev.gatehouse.drills.campaign;

import dev.gatehouse.drills.agent.Mutation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One fault, and what it must not do.
 *
 * @param name what {@code make drill NAME=} calls it: kebab-case
 * @param fault what goes wrong, in a few words
 * @param stage the platform it needs
 * @param mutation the safeguard that is taken away; then the drill has to end badly
 * @param need what it wants of the machine
 * @param bounds what is asked of the platform beside losing nothing
 * @param scenario makes the fault happen, with load on the platform before, during and after
 */
public record Drill(
        String name,
        String fault,
        Stage stage,
        @Nullable Mutation mutation,
        Need need,
        Bounds bounds,
        Scenario scenario) {

    /** A drill that asks for nothing but that nothing is lost. */
    public static Drill of(String name, String fault, Stage stage, Scenario scenario) {
        return new Drill(name, fault, stage, null, stage.need(), Bounds.NONE, scenario);
    }

    /** Customers must be served again within this time after each fault is over. */
    public Drill recoversWithin(Duration limit) {
        return with(new Bounds(limit, bounds.failedRequests(), bounds.mustFail()));
    }

    /** No request may be answered with a fault of the platform, not even once. */
    public Drill withoutFailedRequest() {
        return with(new Bounds(bounds.recovery(), 0, bounds.mustFail()));
    }

    /** A drill on services without a safeguard: the checker must see what that does. */
    public static Drill mutant(String name, String fault, Mutation mutation, Scenario scenario) {
        return new Drill(name, fault, Stage.MUTANT, mutation, Need.NOTHING, new Bounds(null, null, true), scenario);
    }

    /** A control: what it does must break a promise, and the checker must see it. */
    public Drill mustFail() {
        return with(new Bounds(bounds.recovery(), bounds.failedRequests(), true));
    }

    /** It is left out where the need is not met. */
    public Drill needing(Need other) {
        return new Drill(name, fault, stage, mutation, other, bounds, scenario);
    }

    private Drill with(Bounds other) {
        return new Drill(name, fault, stage, mutation, need, other, scenario);
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
     * @param mustFail whether the checker has to find something wrong
     */
    public record Bounds(
            @Nullable Duration recovery, @Nullable Integer failedRequests, boolean mustFail) {

        static final Bounds NONE = new Bounds(null, null, false);
    }
}
