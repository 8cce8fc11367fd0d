package dev.gatehouse.drills.report;

import dev.gatehouse.drills.campaign.Result;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page {@code docs/proof/faults.md}. */
public final class FaultsPage {

    private FaultsPage() {}

    /**
     * The page.
     *
     * @param code hash of the sources as they are now; the page says which rows are of others
     */
    public static String of(List<Result> results, String code) {
        StringBuilder page = new StringBuilder();
        List<Result> drills =
                results.stream().filter(result -> !result.mustFail()).toList();
        long acknowledged = sum(drills, result -> result.findings().acknowledged());
        page.append("# What faults did to orders\n\n");
        page.append(
                "Written by `make drill`, not by hand. Each row put load on the whole platform through its gateway, made the"
                        + " fault, mended it where it does not mend itself, waited until all work was done, and compared three records:"
                        + " what customers were told, what the services' tables say, and the payment provider's own journal.\n\n");
        page.append("| | |\n|---|---|\n");
        line(page, "fault rows", drills.size());
        line(page, "green rows", drills.stream().filter(Result::passed).count());
        line(page, "faults made", sum(drills, Result::injections));
        line(page, "orders attempted", sum(drills, result -> result.findings().attempted()));
        line(page, "acknowledged", acknowledged);
        line(page, "lost", sum(drills, result -> result.findings().lost()));
        line(page, "duplicated", sum(drills, result -> result.findings().duplicated()));
        line(page, "unexpected", sum(drills, result -> result.findings().unexpected()));
        line(
                page,
                "charged twice or wrongly",
                sum(drills, result -> result.findings().chargedTwice()));
        line(page, "copies oversold", sum(drills, result -> result.findings().oversold()));
        line(
                page,
                "recovered (unanswered, and done all the same)",
                sum(drills, result -> result.findings().recovered()));
        if (acknowledged > 0) {
            page.append(String.format(
                    Locale.ROOT,
                    "| upper limit of the loss rate (95 %%, none seen in %,d) | %.1e |%n",
                    acknowledged,
                    3.0 / acknowledged));
        }
        page.append("\n## Rows\n\n");
        page.append(
                "Times in milliseconds. *Served again*: from the fault's end (or the fault, where it mends itself) to the last"
                        + " request that failed for it, median and longest. *Flowing again*: to the first order confirmed. *Drained*:"
                        + " from the last order placed to the last at its end.\n\n");
        page.append(
                "| drill | fault | broker | faults | acknowledged | lost | duplicated | unexpected | charged twice | oversold |"
                        + " recovered | requests failed | reads failed | p50 | p99 | served again | flowing again | drained |"
                        + " most unsent | figures | verdict |\n");
        page.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (Result result : drills) {
            row(page, result);
        }
        List<Result> controls = results.stream().filter(Result::mustFail).toList();
        if (!controls.isEmpty()) {
            page.append(
                    "\n## Controls\n\nThese take a safeguard away. A checker that stays content here could not be believed"
                            + " above.\n\n| control | what was taken away | acknowledged | counted | first thing seen | verdict |\n"
                            + "|---|---|---|---|---|---|\n");
            for (Result result : controls) {
                page.append("| ")
                        .append(result.name())
                        .append(" | ")
                        .append(result.fault())
                        .append(" | ");
                page.append(result.findings().acknowledged()).append(" | ");
                page.append("lost ").append(result.findings().lost());
                page.append(", duplicated ").append(result.findings().duplicated());
                page.append(", charged wrongly ").append(result.findings().chargedTwice());
                page.append(", oversold ").append(result.findings().oversold());
                page.append(" | ").append(result.notes().getOrDefault("seen", "-"));
                page.append(" | ")
                        .append(result.passed() ? "caught" : "**not caught**")
                        .append(" |\n");
            }
        }
        page.append(
                "\n## What this does not show\n\nEverything runs on one machine: no loss of a zone, of a disk's"
                        + " acknowledged writes or of the machine itself. Drills of packet loss, of a full disk and of wrong clocks need root.\n");
        page.append("\nRepeat one with `make drill NAME=`*drill*, all with `make drill`.");
        sources(page, results, code);
        return page.toString();
    }

    private static void sources(StringBuilder page, List<Result> results, String code) {
        Map<String, Long> rows =
                results.stream().collect(Collectors.groupingBy(Result::code, TreeMap::new, Collectors.counting()));
        page.append(" Rows by the hash of the sources they ran on (now `")
                .append(code)
                .append("`): ");
        page.append(rows.entrySet().stream()
                .map(each -> "`" + each.getKey() + "` " + each.getValue())
                .collect(Collectors.joining(", ")));
        page.append(".\n");
    }

    /** The same for the terminal: Jepsen's counters, and the times. */
    public static String line(Result result) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT,
                "%-4s %-28s %5.0f s  attempted %d, acknowledged %d, lost %d, duplicated %d, unexpected %d, recovered %d,"
                        + " charged wrongly %d, oversold %d; failed %d of %d requests, %d of %d reads;"
                        + " served again p50 %s max %s ms, flowing again %s ms, drained in %d ms, p99 %d ms",
                result.passed() ? "ok" : "FAIL",
                result.name(),
                result.seconds(),
                result.findings().attempted(),
                result.findings().acknowledged(),
                result.findings().lost(),
                result.findings().duplicated(),
                result.findings().unexpected(),
                result.findings().recovered(),
                result.findings().chargedTwice(),
                result.findings().oversold(),
                result.failedRequests(),
                result.requests(),
                result.failedReads(),
                result.reads(),
                text(Result.median(result.recoveryMillis())),
                text(Result.largest(result.recoveryMillis())),
                text(Result.largest(result.flowMillis())),
                result.drainMillis(),
                result.p99Millis()));
        result.complaints().stream()
                .limit(10)
                .forEach(complaint -> line.append("\n       ").append(complaint));
        return line.toString();
    }

    private static void row(StringBuilder page, Result result) {
        Map<String, String> notes = new TreeMap<>(result.notes());
        page.append("| ").append(result.name());
        page.append(" | ").append(result.fault());
        page.append(" | ").append(result.broker());
        page.append(" | ").append(result.injections());
        page.append(" | ").append(result.findings().acknowledged());
        page.append(" | ").append(result.findings().lost());
        page.append(" | ").append(result.findings().duplicated());
        page.append(" | ").append(result.findings().unexpected());
        page.append(" | ").append(result.findings().chargedTwice());
        page.append(" | ").append(result.findings().oversold());
        page.append(" | ").append(result.findings().recovered());
        page.append(" | ").append(result.failedRequests()).append(" of ").append(result.requests());
        page.append(" | ").append(result.failedReads()).append(" of ").append(result.reads());
        page.append(" | ").append(result.p50Millis());
        page.append(" | ").append(result.p99Millis());
        page.append(" | ").append(text(Result.median(result.recoveryMillis())));
        page.append(", ").append(text(Result.largest(result.recoveryMillis())));
        page.append(" | ").append(text(Result.largest(result.flowMillis())));
        page.append(" | ").append(result.drainMillis());
        page.append(" | ").append(result.maxBacklog());
        page.append(" | ");
        page.append(String.join(
                ", ",
                notes.entrySet().stream()
                        .map(note -> note.getKey() + " " + note.getValue())
                        .toList()));
        page.append(" | ").append(result.passed() ? "held" : "**broken**").append(" |\n");
    }

    private static void line(StringBuilder page, String name, long figure) {
        page.append("| ")
                .append(name)
                .append(" | ")
                .append(String.format(Locale.ROOT, "%,d", figure))
                .append(" |\n");
    }

    private static long sum(List<Result> results, ToLongFunction<Result> figure) {
        return results.stream().mapToLong(figure).sum();
    }

    private static String text(@Nullable Long millis) {
        return millis == null ? "-" : Long.toString(millis);
    }
}
