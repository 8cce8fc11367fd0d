package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.faults.FalseClock;
import dev.gatehouse.devstack.faults.PacketLoss;
import dev.gatehouse.devstack.faults.SmallDisk;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Need;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The machine itself: no processor time, no disk, a clock that is wrong. Some need root, and are left out without it. */
public final class MachineFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);

    private MachineFaults() {}

    public static List<Drill> drills() {
        return List.of(
                Drill.of(
                                "disk-full",
                                "the disk under PostgreSQL is full for 10 s",
                                Stage.SMALL_DISK,
                                MachineFaults::diskFull)
                        .recoversWithin(Duration.ofSeconds(15)),
                Drill.of("packets-lost", "5 % of the packets to and from each store are lost", Stage.USUAL, trial -> {
                            var platform = trial.platform();
                            List<Integer> ports = List.of(
                                    platform.postgres().port(),
                                    platform.broker().port(),
                                    platform.redis().port());
                            List<PacketLoss> losses = new ArrayList<>();
                            trial.steady(QUIET);
                            try {
                                trial.inject(
                                        "lose packets of the ports " + ports,
                                        () -> ports.forEach(port -> losses.add(PacketLoss.on(port, 0.05))),
                                        Duration.ofSeconds(20),
                                        () -> losses.forEach(PacketLoss::close));
                            } finally {
                                // The rules are the machine's: they would outlast a drill that fails.
                                losses.forEach(PacketLoss::close);
                            }
                            trial.steady(QUIET);
                        })
                        .recoversWithin(Duration.ofSeconds(15))
                        .needing(Need.PACKET_LOSS),
                Drill.of(
                                "clock-ahead",
                                "one billing service's clock is five minutes ahead",
                                Stage.USUAL,
                                trial -> clock(trial, "+5m"))
                        .needing(Need.FALSE_CLOCK),
                Drill.of(
                                "clock-behind",
                                "one billing service's clock is 50 s behind",
                                Stage.USUAL,
                                trial -> clock(trial, "-50s"))
                        .needing(Need.FALSE_CLOCK));
    }

    private static void diskFull(Trial trial) throws Exception {
        SmallDisk disk = trial.platform().databaseDisk();
        trial.steady(QUIET);
        trial.inject("fill the disk", disk::fill, Duration.ofSeconds(10), () -> {
            disk.free();
            if (!trial.platform().postgres().alive()) {
                trial.platform().postgres().start();
            }
        });
        trial.steady(QUIET.multipliedBy(3));
    }

    private static void clock(Trial trial, String offset) throws Exception {
        ServiceInstance victim = trial.staged().billing().getLast();
        trial.steady(QUIET);
        trial.inject(
                victim.name() + " restarts with a clock of " + offset,
                () -> {
                    victim.launchWith(List.of(), FalseClock.off(offset));
                    victim.restart();
                },
                Duration.ofSeconds(15),
                () -> {
                    victim.launchWith(List.of(), Map.of());
                    victim.restart();
                });
        trial.steady(QUIET);
    }
}
