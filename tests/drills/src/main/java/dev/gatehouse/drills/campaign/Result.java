package dev.gatehouse.drills.campaign;

import dev.gatehouse.drills.check.Findings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one drill came to.
 *
 * @param at when it began
 * @param code hash of the sources it ran on
 * @param broker which broker: embedded or rabbitmq
 * @param seconds how long it took, without the platform's start
 * @param injections how often the fault was made
 * @param findings what the checker counted
 * @param requests order requests sent, repeats included
 * @param failedRequests of them, not answered or answered with a status from 500
 * @param reads catalogue requests sent
 * @param failedReads of them, not answered or answered with a status from 500
 * @param p50Millis an order request's time, the median over the drill
 * @param p99Millis the same, 99 of 100 were faster
 * @param recoveryMillis for each injection, from its end to the last failed request that it caused
 * @param flowMillis for each injection, from its end to the first order that was confirmed
 * @param drainMillis from the last order to the last order's end
 * @param maxBacklog most messages that waited in the outbox at a time
 * @param notes further figures of this drill
 * @param complaints why it failed; empty for a success
 */
public record Result(
        String name,
        String fault,
        Instant at,
        String code,
        String broker,
        long seed,
        double ordersPerSecond,
        double seconds,
        int injections,
        Findings findings,
        int requests,
        int failedRequests,
        int reads,
        int failedReads,
        long p50Millis,
        long p99Millis,
        List<Long> recoveryMillis,
        List<Long> flowMillis,
        long drainMillis,
        long maxBacklog,
        boolean mustFail,
        Map<String, String> notes,
        List<String> complaints) {

    public Result {
        recoveryMillis = List.copyOf(recoveryMillis);
        flowMillis = List.copyOf(flowMillis);
        notes = Map.copyOf(notes);
        complaints = List.copyOf(complaints);
    }

    /** Whether the drill showed what it should. */
    public boolean passed() {
        return complaints.isEmpty();
    }

    /** The median of some figures, null for none. */
    public static @Nullable Long median(List<Long> figures) {
        return figures.isEmpty() ? null : figures.stream().sorted().toList().get(figures.size() / 2);
    }

    /** The largest of some figures, null for none. */
    public static @Nullable Long largest(List<Long> figures) {
        return figures.stream().max(Long::compare).orElse(null);
    }
}
