package dev.gatehouse.billing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.support.TransactionTemplate;

/** What the simulation's database does when several use it at once, in every order that a hundred seeds make. */
class DatabaseTests {

    private final List<String> said = new ArrayList<>();

    @Test
    void letsAnUpdateWaitForTheRowsWriterAndLookAgain() {
        for (long seed = 0; seed < 100; seed++) {
            var world = new World(seed);
            int[] taken = new int[1];
            for (int buyer = 0; buyer < 4; buyer++) {
                world.run(null, () -> {
                    if (world.table
                            .update("copies", left -> left > 0, left -> left - 1)
                            .isPresent()) {
                        world.simulation.sleep(5);
                        taken[0]++;
                    }
                });
            }

            world.simulation.run(10_000, Long.MAX_VALUE);

            assertThat(taken[0]).as("seed %d", seed).isEqualTo(2);
            assertThat(world.table.committed()).containsExactly(0, 0);
        }
    }

    @Test
    void endsADeadlockByLettingOneFail() {
        int deadlocks = 0;
        for (long seed = 0; seed < 100; seed++) {
            var world = new World(seed);
            world.run(null, () -> swap(world, "copies", "other"));
            world.run(null, () -> swap(world, "other", "copies"));

            boolean quiet = world.simulation.run(10_000, Long.MAX_VALUE);

            assertThat(quiet).isTrue();
            assertThat(world.deadlocks).isLessThanOrEqualTo(1);
            assertThat(world.table.committed()).containsExactly(2 + 2 - world.deadlocks, 2 - world.deadlocks);
            deadlocks += world.deadlocks;
        }
        assertThat(deadlocks).isPositive();
    }

    @Test
    void rollsBackWhatAKilledInstanceHadBegun() {
        for (long seed = 0; seed < 100; seed++) {
            var world = new World(seed);
            var instance = new Instance("billing");
            world.run(instance, () -> {
                world.table.update("copies", left -> true, left -> 77);
                world.simulation.kill(instance);
                world.simulation.point("orders.find");
                said.add("survived");
            });
            world.run(null, () -> world.table.update("copies", left -> true, left -> left + 1));

            boolean quiet = world.simulation.run(10_000, Long.MAX_VALUE);

            assertThat(quiet).isTrue();
            assertThat(said).isEmpty();
            assertThat(world.table.committed()).containsExactly(3, 0);
        }
    }

    private static void swap(World world, String first, String second) {
        world.table.update(first, left -> true, left -> left + 1);
        world.simulation.point("orders.find");
        world.table.update(second, left -> true, left -> left + 1);
    }

    /** Two rows, and transactions of which each may be interrupted by the others. */
    private static final class World {

        private final Simulation simulation;
        private final Database database;
        private final Database.Table<String, Integer> table;
        private final TransactionTemplate transaction;
        private int deadlocks;

        World(long seed) {
            simulation = new Simulation(seed, Set.of(), false);
            simulation.heal();
            database = new Database(simulation);
            table = database.new Table<>("rows");
            transaction = new TransactionTemplate(new SimulatedTransactions(database));
            database.directly(() -> {
                table.insert("copies", 2);
                table.insert("other", 0);
            });
        }

        private void run(Instance instance, Runnable work) {
            simulation.spawn("somebody", instance, () -> {
                try {
                    transaction.executeWithoutResult(status -> database.statement("orders.move", work));
                } catch (CannotAcquireLockException deadlock) {
                    deadlocks++;
                }
            });
        }
    }
}
