package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.agent.Point;
import dev.gatehouse.drills.agent.Remote;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A billing service that ends at a named line of its code, as if the power had gone there. */
public final class PointFaults {

    private static final Duration QUIET = Duration.ofSeconds(3);
    /** How long a point may take to be reached under load. */
    private static final Duration REACHED_WITHIN = Duration.ofSeconds(60);

    private static final Set<Point> BY_FORGERY = EnumSet.of(Point.BEFORE_MESSAGE_PARKED, Point.AFTER_MESSAGE_PARKED);

    private PointFaults() {}

    public static List<Drill> drills() {
        return Arrays.stream(Point.values())
                .map(point -> Drill.of(
                        "halt-" + point.word(),
                        "billing ends " + point.word().replace('-', ' '),
                        Stage.POINTS,
                        trial -> halt(trial, point)))
                .toList();
    }

    private static void halt(Trial trial, Point point) throws Exception {
        trial.steady(QUIET);
        int halts = trial.times(2);
        for (int i = 0; i < halts; i++) {
            List<ServiceInstance> copies = trial.staged().billing();
            ServiceInstance victim = copies.get(i % copies.size());
            Remote agent = trial.staged().agentOf(victim);
            victim.forgive();
            long pid = victim.pid();
            agent.halt(point, 1 + trial.random().nextInt(3));
            if (BY_FORGERY.contains(point)) {
                forge(trial, victim, pid);
            } else if (point == Point.BEFORE_STEP_PARKED) {
                refuseKey(trial, victim, pid);
            } else {
                awaitEnd(victim, pid);
            }
            trial.inject(victim.name() + " has ended " + point.word(), () -> {});
            trial.awaitReady(Service.BILLING);
            trial.steady(QUIET);
        }
        if (point == Point.BEFORE_STEP_PARKED) {
            OperatorFaults.replayWhenQuiet(trial);
        }
        trial.note("halts", halts);
    }

    private static void forge(Trial trial, ServiceInstance victim, long pid) throws Exception {
        try (Mailbox mailbox = new Mailbox(trial.platform().broker())) {
            Instant end = Instant.now().plus(REACHED_WITHIN);
            while (runs(victim, pid)) {
                if (Instant.now().isAfter(end)) {
                    throw new IllegalStateException("The point was not reached.");
                }
                mailbox.post("{");
                Thread.sleep(50);
            }
        }
    }

    /** Only an order that repeating cannot help is parked. */
    private static void refuseKey(Trial trial, ServiceInstance victim, long pid) throws InterruptedException {
        var provider = trial.platform().payments();
        provider.plan(FaultPlan.always(Operation.CREATE, Fault.KEY_REFUSED));
        awaitEnd(victim, pid);
        provider.clearFaults();
    }

    private static void awaitEnd(ServiceInstance victim, long pid) throws InterruptedException {
        Instant end = Instant.now().plus(REACHED_WITHIN);
        while (runs(victim, pid)) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("The point was not reached.");
            }
            Thread.sleep(5);
        }
    }

    private static boolean runs(ServiceInstance victim, long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && victim.alive();
    }
}
