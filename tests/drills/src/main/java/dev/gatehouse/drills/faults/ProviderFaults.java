package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.List;

/** A payment provider that answers late, wrongly, twice or not at all, mostly after it took the money. */
public final class ProviderFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration TROUBLE = Duration.ofSeconds(15);

    private ProviderFaults() {}

    public static List<Drill> drills() {
        return List.of(
                drill(
                        "provider-late",
                        "every second answer of the provider comes 4 s late",
                        plan(Operation.ANY, Fault.DELAY, 2).delay(Duration.ofSeconds(4))),
                drill(
                        "provider-500-before",
                        "the provider answers 500 to a third, and does nothing",
                        plan(Operation.ANY, Fault.ERROR_BEFORE, 3)),
                drill(
                        "provider-500-after",
                        "the provider answers 500 to a third, and has done it",
                        plan(Operation.ANY, Fault.ERROR_AFTER, 3)),
                drill(
                        "provider-500-kept",
                        "the provider answers 500 to every repeat of a key that it has done",
                        plan(Operation.CAPTURE, Fault.ERROR_SAVED, 5)),
                drill(
                        "provider-resets-before",
                        "connections are reset before the provider acts",
                        plan(Operation.ANY, Fault.RESET_BEFORE, 3)),
                drill(
                        "provider-resets-after",
                        "connections are reset after the provider acted",
                        plan(Operation.ANY, Fault.RESET_AFTER, 3)),
                drill("provider-cut", "the provider's answers break off", plan(Operation.ANY, Fault.CUT_ANSWER, 3)),
                drill(
                        "provider-429",
                        "the provider answers 429 to every second request",
                        plan(Operation.ANY, Fault.RATE_LIMIT, 2)));
    }

    private static FaultPlan plan(Operation operation, Fault fault, int every) {
        return FaultPlan.always(operation, fault).every(every);
    }

    private static Drill drill(String name, String fault, FaultPlan plan) {
        return Drill.of(name, fault, Stage.USUAL, trial -> run(trial, plan)).withoutFailedRequest();
    }

    private static void run(Trial trial, FaultPlan plan) throws Exception {
        var provider = trial.platform().payments();
        trial.steady(QUIET);
        trial.inject(plan.fault().wireName(), () -> provider.plan(plan), TROUBLE, provider::clearFaults);
        trial.steady(QUIET);
    }
}
