package dev.gatehouse.devstack.faults;

import java.util.function.Consumer;

/** A toxic at work on a proxy, until it is removed. */
public final class Injected implements AutoCloseable {

    private final Direction direction;
    private final Toxic toxic;
    private final long sinceNanos = System.nanoTime();
    private final Consumer<Injected> remove;

    Injected(Direction direction, Toxic toxic, Consumer<Injected> remove) {
        this.direction = direction;
        this.toxic = toxic;
        this.remove = remove;
    }

    public Direction direction() {
        return direction;
    }

    public Toxic toxic() {
        return toxic;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** Ends the toxic; what it holds back passes at once. Does nothing if it has ended. */
    public void remove() {
        remove.accept(this);
    }

    /** The same as {@link #remove()}. */
    @Override
    public void close() {
        remove();
    }
}
