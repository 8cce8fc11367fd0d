package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.stores.RedisServer;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.List;

/** The cache gone or frozen: nobody may notice. */
public final class CacheFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration OUTAGE = Duration.ofSeconds(15);

    private CacheFaults() {}

    public static List<Drill> drills() {
        return List.of(
                Drill.of("cache-killed", "the cache is killed for 15 s", Stage.USUAL, trial -> {
                            RedisServer cache = trial.platform().redis();
                            outage(trial, "kill the cache", cache::kill, cache::start);
                        })
                        .withoutFailedRequest(),
                Drill.of("cache-frozen", "the cache does not answer for 15 s", Stage.USUAL, trial -> {
                            RedisServer cache = trial.platform().redis();
                            outage(trial, "freeze the cache", cache::pause, cache::resume);
                        })
                        .withoutFailedRequest(),
                Drill.of("cache-flushed", "everything in the cache is forgotten, ten times", Stage.USUAL, trial -> {
                            trial.steady(QUIET);
                            for (int i = 0; i < trial.times(10); i++) {
                                trial.inject("flush the cache", trial.platform().redis()::flush);
                                trial.steady(Duration.ofSeconds(1));
                            }
                            trial.steady(QUIET);
                        })
                        .withoutFailedRequest());
    }

    private static void outage(Trial trial, String what, Trial.Step fault, Trial.Step heal) throws Exception {
        trial.steady(QUIET);
        for (int i = 0; i < trial.times(2); i++) {
            trial.inject(what, fault, OUTAGE, heal);
            trial.steady(QUIET);
        }
    }
}
