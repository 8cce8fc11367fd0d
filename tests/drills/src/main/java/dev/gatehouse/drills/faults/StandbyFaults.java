package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.faults.Direction;
import dev.gatehouse.devstack.faults.Toxic;
import dev.gatehouse.devstack.stores.PostgresServer;
import dev.gatehouse.devstack.stores.Standby;
import dev.gatehouse.devstack.supervisor.Link;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.List;

/** PostgreSQL lost for good, and its standby promoted in its place. */
public final class StandbyFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);

    private StandbyFaults() {}

    public static List<Drill> drills() {
        return List.of(
                Drill.of(
                                "promotion",
                                "PostgreSQL is killed for good and its synchronous standby promoted",
                                Stage.STANDBY,
                                trial -> promoted(trial, true))
                        .recoversWithin(Duration.ofSeconds(30)),
                Drill.of(
                                "promotion-asynchronous",
                                "commits that do not wait for the standby, which is a second behind when it is promoted",
                                Stage.STANDBY,
                                trial -> promoted(trial, false))
                        .mustFail());
    }

    private static void promoted(Trial trial, boolean synchronous) throws Exception {
        Standby standby = trial.platform().startStandby();
        standby.synchronous(synchronous);
        if (!synchronous) {
            // What the standby has not received when the first server dies is gone, acknowledged or not.
            trial.platform()
                    .link(Link.STANDBY_PRIMARY)
                    .add(Direction.DOWNSTREAM, new Toxic.Latency(Duration.ofSeconds(1), Duration.ZERO));
        }
        trial.steady(QUIET.multipliedBy(2));
        PostgresServer lost = trial.platform().postgres();
        trial.inject(
                "kill PostgreSQL and promote its standby",
                lost::kill,
                Duration.ofSeconds(1),
                () -> trial.stores().readFrom(trial.platform().failOver().port()));
        trial.platform().healLinks();
        trial.steady(QUIET.multipliedBy(2));
    }
}
