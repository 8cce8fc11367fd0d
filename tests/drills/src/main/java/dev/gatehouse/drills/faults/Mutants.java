package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.faults.FaultProxy;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.supervisor.Link;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.agent.Mutation;
import dev.gatehouse.drills.campaign.Drill;
import java.time.Duration;
import java.util.List;

/** Billing without one of its safeguards, under a fault that the safeguard is for: the checker must see what it does. */
public final class Mutants {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration TROUBLE = Duration.ofSeconds(12);

    private Mutants() {}

    public static List<Drill> drills() {
        return List.of(
                mutant(Mutation.NO_CONFIRM, "no confirm is waited for, and the broker is out of reach", trial -> {
                    FaultProxy broker = trial.platform().link(Link.BILLING_BROKER);
                    trial.inject("silence the broker", broker::blackHole, TROUBLE, broker::reset);
                }),
                mutant(Mutation.NO_LEASE, "claims take what somebody else has", trial -> trial.steady(TROUBLE)),
                mutant(
                        Mutation.NO_VERSION_GUARD,
                        "late writers are not refused, and a service stands still longer than its leases",
                        trial -> {
                            for (int i = 0; i < 3; i++) {
                                ServiceInstance victim =
                                        trial.staged().billing().get(i % 2);
                                trial.inject("freeze " + victim.name(), victim::pause, TROUBLE, victim::resume);
                                trial.steady(QUIET);
                            }
                        }),
                mutant(
                        Mutation.NO_IDEMPOTENCY_CHECK,
                        "keys are not looked at, and customers repeat themselves",
                        trial -> trial.steady(TROUBLE)),
                mutant(
                        Mutation.RANDOM_PAYMENT_KEY,
                        "the provider sees a new key with each call, and its answers are lost",
                        trial -> {
                            var provider = trial.platform().payments();
                            trial.inject(
                                    "lose the provider's answers",
                                    () -> provider.plan(FaultPlan.always(Operation.ANY, Fault.RESET_AFTER)
                                            .every(3)),
                                    TROUBLE,
                                    provider::clearFaults);
                        }));
    }

    private static Drill mutant(Mutation mutation, String fault, Drill.Scenario scenario) {
        return Drill.mutant("without-" + mutation.word().replaceFirst("^no-", ""), fault, mutation, trial -> {
            trial.steady(QUIET);
            scenario.run(trial);
            trial.steady(QUIET);
            // Without a fault of the broker nobody sends a message twice.
            if (mutation == Mutation.NO_LEASE) {
                trial.require("no message is delivered twice without a fault", trial.repeatedMessages() == 0);
            }
        });
    }
}
