package dev.gatehouse.drills.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.drills.campaign.Result;
import dev.gatehouse.drills.check.Findings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsPageTests {

    private static final Result HELD = result("broker-killed", "now", 1_200, 0, false, List.of());
    private static final Result BROKEN = result("postgres-killed", "now", 300, 2, false, List.of("lost: order 1"));
    private static final Result CONTROL = result("without-confirm", "before", 90, 7, true, List.of());

    @Test
    void addsUpTheDrillsAndNotTheControls() {
        String page = FaultsPage.of(List.of(HELD, BROKEN, CONTROL), "now");

        assertThat(page)
                .contains("| fault rows | 2 |")
                .contains("| green rows | 1 |")
                .contains("| acknowledged | 1,500 |")
                .contains("| lost | 2 |");
    }

    @Test
    void saysOfEachRowWhetherItHeldAndOfEachControlWhatWasSeen() {
        List<String> lines =
                FaultsPage.of(List.of(HELD, BROKEN, CONTROL), "now").lines().toList();

        assertThat(lines).anyMatch(line -> line.startsWith("| broker-killed |") && line.endsWith("| held |"));
        assertThat(lines).anyMatch(line -> line.startsWith("| postgres-killed |") && line.endsWith("| **broken** |"));
        assertThat(lines)
                .anyMatch(line -> line.startsWith("| without-confirm |")
                        && line.contains("| the first violation |")
                        && line.endsWith("| caught |"));
    }

    @Test
    void saysHowManyRowsRanOnWhichSources() {
        assertThat(FaultsPage.of(List.of(HELD, BROKEN, CONTROL), "now")).contains("(now `now`): `before` 1, `now` 2.");
    }

    @Test
    void keepsTheLastResultOfEachDrillByName(@TempDir Path folder) {
        Results results = new Results(folder.resolve("proof/faults.json"));
        results.keep(BROKEN);
        results.keep(HELD);
        Result again = result("postgres-killed", "later", 400, 0, false, List.of());

        results.keep(again);

        assertThat(results.all()).containsExactly(HELD, again);
    }

    private static Result result(
            String name, String code, int acknowledged, int lost, boolean mustFail, List<String> complaints) {
        Findings findings = new Findings(
                acknowledged, acknowledged, 0, 0, lost, 0, 0, 0, 0, 0, acknowledged - lost, 0, 0, 0, complaints);
        return new Result(
                name,
                "what goes wrong",
                Instant.parse("2026-01-31T12:00:00Z"),
                code,
                "embedded",
                1,
                8,
                60,
                2,
                findings,
                acknowledged,
                0,
                acknowledged,
                0,
                20,
                90,
                List.of(0L, 40L),
                List.of(100L),
                500,
                12,
                mustFail,
                Map.of("seen", "the first violation"),
                complaints);
    }
}
