package dev.gatehouse.billing.reconciliation;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison came to.
 *
 * @param requestedBy the operator's subject; null when it was time
 * @param windowFrom changes since then were compared
 * @param windowTo and up to then
 * @param finishedAt null while it is under way, or when its instance died
 * @param orders how many were compared
 * @param payments how many the provider listed
 * @param differenceCount how many were found, also beyond those that are kept
 * @param failure what did not answer, so that nothing can be said; null otherwise
 * @param differences what was found; empty in a list of reports
 */
public record ReconciliationReport(
        UUID id,
        @Nullable String requestedBy,
        Instant windowFrom,
        Instant windowTo,
        Instant startedAt,
        @Nullable Instant finishedAt,
        int orders,
        int payments,
        int differenceCount,
        @Nullable String failure,
        List<Difference> differences) {

    public ReconciliationReport {
        differences = List.copyOf(differences);
    }
}
