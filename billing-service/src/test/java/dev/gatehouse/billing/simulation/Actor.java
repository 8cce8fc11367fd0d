package dev.gatehouse.billing.simulation;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A virtual thread that runs only while it has the baton. */
final class Actor {

    static final BooleanSupplier NEVER = () -> false;

    final String name;
    final int nameHash;
    final @Nullable Instance instance;

    @Nullable
    Thread thread;

    boolean started;
    boolean doomed;
    Database.@Nullable Transaction transaction;
    /** What it waits for. */
    BooleanSupplier ready = () -> true;
    /** When it goes on without that. */
    LongSupplier until = () -> 0;

    Database.@Nullable Transaction waitsFor;

    Actor(String name, @Nullable Instance instance) {
        this.name = name;
        this.nameHash = name.hashCode();
        this.instance = instance;
    }

    boolean canRun(long now) {
        return (instance == null || instance.pausedUntil <= now) && (ready.getAsBoolean() || until.getAsLong() <= now);
    }

    /** When it can run at the latest, if nothing happens. */
    long next() {
        long pausedUntil = instance == null ? 0 : instance.pausedUntil;
        return ready.getAsBoolean() ? pausedUntil : Math.max(pausedUntil, until.getAsLong());
    }

    @Override
    public String toString() {
        return name;
    }
}
