package dev.gatehouse.drills.agent;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** What happens at each point, and how often each was reached; the woven code calls it. */
final class Failpoints {

    /** The exit code of a process that SIGKILL ended, as a shell would tell it. */
    static final int KILLED = 137;

    private static final Failpoints HERE = new Failpoints(Runtime.getRuntime()::halt);

    private final Map<Point, AtomicLong> reached = new EnumMap<>(Point.class);
    private final Map<Point, Long> left = new EnumMap<>(Point.class);
    private final Map<Point, Duration> delays = new EnumMap<>(Point.class);
    private final IntConsumer halt;

    Failpoints(IntConsumer halt) {
        this.halt = halt;
        for (Point point : Point.values()) {
            reached.put(point, new AtomicLong());
        }
    }

    /** Those of this process. */
    static Failpoints here() {
        return HERE;
    }

    /** Ends the process when the point is reached for the nth time from now, without running anything any more. */
    synchronized void haltAt(Point point, long nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("The first time is 1, not " + nth + ".");
        }
        left.put(point, nth);
    }

    /** Holds up whoever reaches the point, every time from now on. */
    synchronized void delayAt(Point point, Duration delay) {
        delays.put(point, delay);
    }

    /** Nothing happens at any point any more. */
    synchronized void clear() {
        left.clear();
        delays.clear();
    }

    /** How often the point was reached since the process began. */
    long reached(Point point) {
        return counter(point).get();
    }

    /** A thread is at the point. */
    void reach(Point point) {
        counter(point).incrementAndGet();
        Duration delay;
        synchronized (this) {
            delay = delays.getOrDefault(point, Duration.ZERO);
        }
        if (!delay.isZero()) {
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (this) {
            Long times = left.computeIfPresent(point, (same, before) -> before - 1);
            if (times != null && times == 0) {
                left.remove(point);
                System.err.println("halted at " + point.word());
                halt.accept(KILLED);
            }
        }
    }

    private AtomicLong counter(Point point) {
        AtomicLong counter = reached.get(point);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + point);
        }
        return counter;
    }
}
