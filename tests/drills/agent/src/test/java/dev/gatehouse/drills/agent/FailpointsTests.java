package dev.gatehouse.drills.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailpointsTests {

    private final List<Integer> halts = new ArrayList<>();
    private final Failpoints failpoints = new Failpoints(halts::add);

    @Test
    void haltsAtTheNthTimeAndOnlyThen() {
        failpoints.haltAt(Point.AFTER_CAPTURE, 3);

        failpoints.reach(Point.AFTER_CAPTURE);
        failpoints.reach(Point.AFTER_RESERVE);
        failpoints.reach(Point.AFTER_CAPTURE);
        assertThat(halts).isEmpty();
        failpoints.reach(Point.AFTER_CAPTURE);
        failpoints.reach(Point.AFTER_CAPTURE);

        assertThat(halts).containsExactly(137);
        assertThat(failpoints.reached(Point.AFTER_CAPTURE)).isEqualTo(4);
    }

    @Test
    void countsFromTheMomentItIsArmedAgain() {
        failpoints.reach(Point.AFTER_CAPTURE);
        failpoints.haltAt(Point.AFTER_CAPTURE, 1);

        failpoints.reach(Point.AFTER_CAPTURE);

        assertThat(halts).hasSize(1);
    }

    @Test
    void holdsUpWhoeverReachesAPointUntilItIsCleared() {
        failpoints.delayAt(Point.AFTER_SALE, Duration.ofMillis(100));
        long begin = System.nanoTime();
        failpoints.reach(Point.AFTER_SALE);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(100));

        failpoints.delayAt(Point.AFTER_SALE, Duration.ofHours(1));
        failpoints.haltAt(Point.AFTER_SALE, 1);
        failpoints.clear();
        failpoints.reach(Point.AFTER_SALE);

        assertThat(halts).isEmpty();
    }

    @Test
    void takesOrdersWhileTheProcessRuns() {
        failpoints.reach(Point.AFTER_STEP_CLAIM);

        assertThat(Control.answer("reached=after-step-claim", failpoints)).isEqualTo("1");
        assertThat(Control.answer("halt=after-step-claim:2", failpoints)).isEqualTo("ok");
        assertThat(Control.answer("clear", failpoints)).isEqualTo("ok");
        assertThat(Control.answer("halt=nowhere", failpoints)).isEqualTo("error: There is no point nowhere.");
        assertThat(Control.answer("halt=after-sale:0", failpoints)).isEqualTo("error: The first time is 1, not 0.");
        assertThat(Control.answer("mutate=no-lease", failpoints)).isEqualTo("error: only when the process starts");
        assertThat(Control.answer("dance", failpoints)).isEqualTo("error: There is no order dance.");
        assertThat(halts).isEmpty();
    }

    @Test
    void readsWhatTheOptionSays() {
        Orders orders = Orders.parsed("mutate=no-lease,halt=before-intake-commit:2,delay=after-sale:5,control=15001");

        assertThat(orders.mutations()).containsExactly(Mutation.NO_LEASE);
        assertThat(orders.controlPort()).isEqualTo(15001);
        orders.apply(failpoints);
        failpoints.reach(Point.BEFORE_INTAKE_COMMIT);
        failpoints.reach(Point.BEFORE_INTAKE_COMMIT);
        assertThat(halts).containsExactly(137);
        assertThatThrownBy(() -> Orders.parsed("mutate=everything")).hasMessage("There is no mutation everything.");
    }
}
