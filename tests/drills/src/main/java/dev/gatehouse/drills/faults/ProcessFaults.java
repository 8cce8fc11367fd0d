package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.List;

/** Services that are killed, frozen and replaced. */
public final class ProcessFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);

    private ProcessFaults() {}

    public static List<Drill> drills() {
        return List.of(
                Drill.of(
                                "nothing",
                                "no fault: the load alone",
                                Stage.USUAL,
                                trial -> trial.steady(QUIET.multipliedBy(3)))
                        .withoutFailedRequest(),
                Drill.of(
                                "billing-killed",
                                "one of two billing services is killed, again and again",
                                Stage.USUAL,
                                trial -> killed(trial, Service.BILLING))
                        .recoversWithin(Duration.ofSeconds(10)),
                Drill.of(
                                "inventory-killed",
                                "an inventory service is killed, again and again",
                                Stage.USUAL,
                                trial -> killed(trial, Service.INVENTORY))
                        .recoversWithin(Duration.ofSeconds(10)),
                Drill.of(
                        "billing-frozen",
                        "a billing service stands still for 12 s, longer than its leases, and goes on",
                        Stage.USUAL,
                        trial -> frozen(trial, Service.BILLING)),
                Drill.of(
                        "inventory-frozen",
                        "an inventory service stands still for 12 s",
                        Stage.USUAL,
                        trial -> frozen(trial, Service.INVENTORY)),
                Drill.of(
                                "rolling-restart",
                                "every copy of billing and inventory is replaced in order, one after the other",
                                Stage.USUAL,
                                ProcessFaults::rolled)
                        .withoutFailedRequest(),
                Drill.of("gateway-killed", "the only gateway is killed", Stage.USUAL, trial -> {
                    trial.steady(QUIET);
                    ServiceInstance gateway = trial.platform().service(Service.GATEWAY);
                    trial.inject("kill the gateway", gateway::crash);
                    trial.steady(QUIET.multipliedBy(3));
                }),
                Drill.of("billing-all-killed", "all billing services are killed at once", Stage.USUAL, trial -> {
                    trial.steady(QUIET);
                    for (int i = 0; i < trial.times(2); i++) {
                        trial.inject(
                                "kill all billing services",
                                () -> trial.platform().copies(Service.BILLING).forEach(ServiceInstance::crash));
                        trial.awaitReady(Service.BILLING);
                        trial.steady(QUIET);
                        trial.platform().copies(Service.BILLING).forEach(ServiceInstance::forgive);
                    }
                }));
    }

    private static void rolled(Trial trial) throws Exception {
        trial.steady(QUIET);
        for (Service service : List.of(Service.BILLING, Service.INVENTORY)) {
            for (ServiceInstance copy : trial.platform().copies(service)) {
                trial.inject("restart " + copy.name(), copy::restart);
                trial.steady(QUIET);
            }
        }
    }

    private static void frozen(Trial trial, Service service) throws Exception {
        trial.steady(QUIET);
        for (int i = 0; i < trial.times(2); i++) {
            List<ServiceInstance> copies = trial.platform().copies(service);
            ServiceInstance victim = copies.get(trial.random().nextInt(copies.size()));
            trial.inject("freeze " + victim.name(), victim::pause, Duration.ofSeconds(12), victim::resume);
            trial.steady(QUIET);
        }
    }

    private static void killed(Trial trial, Service service) throws Exception {
        trial.steady(QUIET);
        for (int i = 0; i < trial.times(3); i++) {
            List<ServiceInstance> copies = trial.platform().copies(service);
            ServiceInstance victim = copies.get(trial.random().nextInt(copies.size()));
            victim.forgive();
            trial.inject("kill " + victim.name(), victim::crash);
            trial.steady(QUIET);
            // One at a time: what is shown is that the other one is enough.
            trial.awaitReady(service);
        }
    }
}
