package dev.gatehouse.drills.campaign;

import dev.gatehouse.devstack.stores.PrivateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs drills, those of one stage after the other on one platform. */
public final class Campaign {

    private static final Logger log = LoggerFactory.getLogger(Campaign.class);

    private final Path folder;
    private final Pace pace;
    private final String code;
    private final Consumer<Result> told;

    /**
     * A campaign.
     *
     * @param folder where platforms live and customers' histories are kept
     * @param code hash of the sources that the drills run on
     * @param told of each result as it is there
     */
    public Campaign(Path folder, Pace pace, String code, Consumer<Result> told) {
        this.folder = folder;
        this.pace = pace;
        this.code = code;
        this.told = told;
    }

    /** Runs the drills, stage by stage, and returns their results in that order. */
    public List<Result> run(List<Drill> drills) throws Exception {
        List<Result> results = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            List<Drill> here =
                    drills.stream().filter(drill -> drill.stage() == stage).toList();
            Staged staged = null;
            for (Drill drill : here) {
                if (staged == null) {
                    staged = Staged.start(drill, pace, fresh(stage));
                }
                Result result = run(drill, staged);
                results.add(result);
                told.accept(result);
                // A drill that ruins its platform must not ruin the next one.
                if (!result.passed() || drill.bounds().mustFail() || stage == Stage.STANDBY) {
                    staged.close();
                    staged = null;
                }
            }
            if (staged != null) {
                staged.close();
            }
        }
        return results;
    }

    private Result run(Drill drill, Staged staged) throws Exception {
        log.info("{} begins: {}", drill.name(), drill.fault());
        Path histories = Files.createDirectories(folder.resolve("histories"));
        staged.settle();
        Trial trial = new Trial(drill, staged, pace);
        try {
            drill.scenario().run(trial);
        } catch (Exception e) {
            log.error("{} could not be carried out", drill.name(), e);
            trial.require("the drill is carried out: " + e, false);
        }
        return trial.finish(histories.resolve(drill.name() + ".jsonl"), code);
    }

    private Path fresh(Stage stage) {
        Path home = folder.resolve("platform-" + stage.name().toLowerCase(java.util.Locale.ROOT));
        if (Files.exists(home)) {
            PrivateFiles.delete(home);
        }
        return home;
    }
}
