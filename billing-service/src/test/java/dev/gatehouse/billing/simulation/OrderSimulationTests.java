package dev.gatehouse.billing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatehouse.billing.simulation.History.Outcome;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Order handling in thousands of histories. {@code -Dsimulation.seeds=100000} plays more, {@code -Dsimulation.seed=42}
 * only that one and shows all that happens in it.
 */
class OrderSimulationTests {

    private static final long SEEDS = Long.getLong("simulation.seeds", 3_000);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.gatehouse.billing");
    private static final Level LEVEL = LOG.getLevel();

    /** Thousands of orders would say thousands of lines; a failure is explained by its trace. */
    @BeforeAll
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        LOG.setLevel(LEVEL);
    }

    @Test
    void keepsEveryPromiseWhateverHappens() {
        Long only = Long.getLong("simulation.seed");
        if (only != null) {
            Outcome outcome = History.play(only, Set.of(), Set.of(), true);
            System.out.println(String.join("\n", outcome.trace()));
            assertThat(outcome.broken()).isNull();
            return;
        }

        Campaign campaign = Campaign.run(1, SEEDS, Set.of());

        System.out.println(campaign.report());
        assertThat(campaign.broken())
                .withFailMessage(() -> Campaign.explain(campaign.broken().orElseThrow(), Set.of()))
                .isEmpty();
        assertThat(campaign.histories()).isEqualTo(SEEDS);
        assertThat(campaign.missingFaults()).isEmpty();
        assertThat(campaign.missingPoints()).isEmpty();
    }

    @Test
    @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
    void playsTheSameHistoryForTheSameSeed() {
        for (long seed = 1; seed <= 200; seed++) {
            Outcome first = History.play(seed, Set.of(), Set.of(), false);
            Outcome second = History.play(seed, Set.of(), Set.of(), true);

            assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
            assertThat(second.steps()).isEqualTo(first.steps());
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
    void explainsABrokenPromiseByTheFaultsItNeeds() {
        Set<Safeguard> removed = EnumSet.of(Safeguard.LATE_REFUND);
        Outcome broken = Campaign.run(1, SEEDS, removed).broken().orElseThrow();

        String explanation = Campaign.explain(broken, removed);

        assertThat(explanation)
                .startsWith("Seed " + broken.seed() + " breaks a promise: I2")
                .contains("make simulate SEED=" + broken.seed())
                .contains("provider.capture has its effect");
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
    void noticesThatASafeguardIsMissing(Safeguard safeguard) {
        Set<Safeguard> removed = EnumSet.of(safeguard);

        Campaign campaign = Campaign.run(1, SEEDS, removed);

        Optional<Outcome> broken = campaign.broken();
        assertThat(broken)
                .as("%s removed, after %d histories", safeguard, campaign.histories())
                .isPresent();
        System.out.printf(
                "Without %s seed %d breaks a promise after %d histories: %s%n",
                safeguard,
                broken.get().seed(),
                campaign.histories(),
                broken.get().broken());
        assertThat(broken.get().broken()).isInstanceOf(Violation.class);
    }
}
