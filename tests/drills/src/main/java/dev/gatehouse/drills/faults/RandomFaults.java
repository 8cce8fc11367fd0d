package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.faults.Direction;
import dev.gatehouse.devstack.faults.Toxic;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.supervisor.Link;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.List;

/** One fault after the other, chosen by the seed, some of them at the same time. */
public final class RandomFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final List<Link> LINKS = List.of(
            Link.BILLING_BROKER,
            Link.BILLING_INVENTORY,
            Link.BILLING_PAYMENTS,
            Link.BILLING_POSTGRES,
            Link.BILLING_REDIS,
            Link.INVENTORY_POSTGRES,
            Link.INVENTORY_REDIS);

    private RandomFaults() {}

    public static List<Drill> drills() {
        return List.of(Drill.of("random", "faults chosen by the seed, two at a time", Stage.USUAL, trial -> {
            trial.steady(QUIET);
            for (int i = 0; i < trial.times(6); i++) {
                Misfortune one = any(trial);
                Misfortune other = any(trial);
                trial.inject(
                        one.what() + " and " + other.what(),
                        () -> {
                            one.begin().run();
                            other.begin().run();
                        },
                        Duration.ofSeconds(2 + trial.random().nextInt(8)),
                        () -> {
                            one.end().run();
                            other.end().run();
                        });
                trial.steady(QUIET);
            }
            trial.steady(QUIET);
        }));
    }

    private static Misfortune any(Trial trial) {
        Platform platform = trial.platform();
        return switch (trial.random().nextInt(7)) {
            case 0 -> copy(trial, Service.BILLING, "kill");
            case 1 -> copy(trial, Service.INVENTORY, "kill");
            case 2 -> copy(trial, Service.BILLING, "freeze");
            case 3 ->
                new Misfortune(
                        "lose answers of the provider",
                        () -> platform.payments()
                                .plan(FaultPlan.always(Operation.ANY, Fault.RESET_AFTER)
                                        .every(2)),
                        platform.payments()::clearFaults);
            case 4 -> new Misfortune("flush the cache", platform.redis()::flush, () -> {});
            default -> link(trial);
        };
    }

    private static Misfortune copy(Trial trial, Service service, String verb) {
        List<ServiceInstance> copies = trial.platform().copies(service);
        ServiceInstance victim = copies.get(trial.random().nextInt(copies.size()));
        return verb.equals("kill")
                ? new Misfortune(
                        "kill " + victim.name(),
                        () -> {
                            // It may just be starting again.
                            if (victim.alive()) {
                                victim.crash();
                            }
                        },
                        victim::start)
                : new Misfortune(
                        "freeze " + victim.name(),
                        () -> {
                            if (victim.alive()) {
                                victim.pause();
                            }
                        },
                        () -> {
                            if (victim.alive()) {
                                victim.resume();
                            }
                            victim.start();
                        });
    }

    private static Misfortune link(Trial trial) {
        Link link = LINKS.get(trial.random().nextInt(LINKS.size()));
        var proxy = trial.platform().link(link);
        return switch (trial.random().nextInt(4)) {
            case 0 -> new Misfortune("silence " + link, proxy::blackHole, proxy::reset);
            case 1 -> new Misfortune("cut " + link, proxy::down, proxy::reset);
            case 2 ->
                new Misfortune(
                        "lose answers on " + link,
                        () -> proxy.add(Direction.DOWNSTREAM, new Toxic.ResetPeer(Duration.ZERO)),
                        proxy::reset);
            default ->
                new Misfortune(
                        "slow " + link,
                        () -> proxy.add(
                                Direction.DOWNSTREAM,
                                new Toxic.Latency(Duration.ofMillis(150), Duration.ofMillis(100))),
                        proxy::reset);
        };
    }

    private record Misfortune(String what, Trial.Step begin, Trial.Step end) {}
}
