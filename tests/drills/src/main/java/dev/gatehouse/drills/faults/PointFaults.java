package dev.gatehouse.drills.faults;

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
    /** Only an order that needs an operator reaches it; see the drills of parked orders. */
    private static final Set<Point> BY_OPERATOR = EnumSet.of(Point.BEFORE_STEP_PARKED);

    private PointFaults() {}

    public static List<Drill> drills() {
        return Arrays.stream(Point.values())
                .filter(point -> !BY_OPERATOR.contains(point))
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
            } else {
                awaitEnd(victim, pid);
            }
            trial.inject(victim.name() + " has ended " + point.word(), () -> {});
            trial.awaitReady(Service.BILLING);
            trial.steady(QUIET);
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
