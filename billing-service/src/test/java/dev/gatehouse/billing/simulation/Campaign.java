package dev.gatehouse.billing.simulation;

import dev.gatehouse.billing.simulation.History.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Many histories, one seed after the other on two threads, and what they add up to. */
final class Campaign {

    private static final int THREADS = 2;

    private final Set<Safeguard> removed;
    private final Map<Fault, Long> injected = new EnumMap<>(Fault.class);
    private final Map<String, Long> ends = new TreeMap<>();
    private final long[] passed = new long[Points.COUNT];
    private final long[] killed = new long[Points.COUNT];
    private final ConcurrentLinkedQueue<Outcome> broken = new ConcurrentLinkedQueue<>();
    private long histories;
    private long steps;
    private double seconds;

    private Campaign(Set<Safeguard> removed) {
        this.removed = removed;
    }

    /** Plays the seeds from one on, and stops at the first broken promise. */
    static Campaign run(long firstSeed, long count, Set<Safeguard> removed) {
        var campaign = new Campaign(removed);
        long begun = System.nanoTime();
        var next = new AtomicLong(firstSeed);
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(threads.submit(() -> campaign.play(next, firstSeed + count, stop)));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        campaign.seconds = (System.nanoTime() - begun) / 1e9;
        return campaign;
    }

    private void play(AtomicLong next, long end, AtomicBoolean stop) {
        for (long seed = next.getAndIncrement(); seed < end && !stop.get(); seed = next.getAndIncrement()) {
            Outcome outcome = History.play(seed, removed, Set.of(), false);
            add(outcome);
            if (outcome.broken() != null) {
                broken.add(outcome);
                stop.set(true);
            }
        }
    }

    private synchronized void add(Outcome outcome) {
        histories++;
        steps += outcome.steps();
        outcome.injected().forEach((fault, times) -> injected.merge(fault, (long) times, Long::sum));
        outcome.ends().forEach((state, times) -> ends.merge(state, (long) times, Long::sum));
        for (int point = 0; point < Points.COUNT; point++) {
            passed[point] += outcome.passed()[point];
            killed[point] += outcome.killed()[point];
        }
    }

    /** The history that broke a promise, if any did; of several the one with the lowest seed. */
    Optional<Outcome> broken() {
        return broken.stream().min((one, other) -> Long.compare(one.seed(), other.seed()));
    }

    long histories() {
        return histories;
    }

    /** Faults that never happened. */
    Set<Fault> missingFaults() {
        Set<Fault> missing = new TreeSet<>(List.of(Fault.values()));
        missing.removeAll(injected.keySet());
        return missing;
    }

    /** Points at which no instance was ever killed. */
    Set<String> missingPoints() {
        Set<String> missing = new TreeSet<>();
        for (int point = 0; point < Points.COUNT; point++) {
            if (killed[point] == 0) {
                missing.add(Points.ALL.get(point));
            }
        }
        return missing;
    }

    /** The figures. */
    String report() {
        StringBuilder report = new StringBuilder();
        report.append("%,d histories in %.1f s, %,.0f a second, %,d steps; orders ended %s%n"
                .formatted(histories, seconds, histories / seconds, steps, ends));
        report.append("Faults: ")
                .append(injected.entrySet().stream()
                        .map(fault -> "%s %,d".formatted(fault.getKey(), fault.getValue()))
                        .collect(Collectors.joining(", ")))
                .append('\n');
        report.append("Instances killed at (times of passes): ");
        for (int point = 0; point < Points.COUNT; point++) {
            report.append(point == 0 ? "" : ", ")
                    .append("%s %,d of %,d".formatted(Points.ALL.get(point), killed[point], passed[point]));
        }
        return report.append('\n').toString();
    }

    /** All there is to know of a broken promise: the seed, the command, and the history with only the faults it needs. */
    static String explain(Outcome outcome, Set<Safeguard> removed) {
        Set<Integer> without = needless(outcome, removed);
        Outcome shortest = History.play(outcome.seed(), removed, without, true);
        int needed =
                shortest.injected().values().stream().mapToInt(times -> times).sum();
        return """
            Seed %d breaks a promise: %s
            Replay it: make simulate SEED=%d
            The same promise is broken with %d of its %d faults, %s:
            %s
            """.formatted(
                        outcome.seed(),
                        outcome.broken().getMessage(),
                        outcome.seed(),
                        needed,
                        outcome.faults(),
                        shortest.broken() == null ? "" : shortest.broken().getMessage(),
                        String.join("\n", shortest.trace()));
    }

    /** The faults that can be left out, one after the other, with the same promise still broken. */
    private static Set<Integer> needless(Outcome outcome, Set<Safeguard> removed) {
        Set<Integer> without = new TreeSet<>();
        for (int fault = outcome.faults() - 1; fault >= 0; fault--) {
            without.add(fault);
            Outcome milder = History.play(outcome.seed(), removed, without, false);
            if (!sameBreak(outcome, milder)) {
                without.remove(fault);
            }
        }
        return without;
    }

    private static boolean sameBreak(Outcome one, Outcome other) {
        return one.broken() instanceof Violation first
                && other.broken() instanceof Violation second
                && first.promise().equals(second.promise());
    }
}
