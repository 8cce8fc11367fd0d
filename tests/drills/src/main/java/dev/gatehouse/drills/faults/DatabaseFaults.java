package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.stores.PostgresServer;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The databases crashed, frozen, locked and flooded. */
public final class DatabaseFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);

    private DatabaseFaults() {}

    public static List<Drill> drills() {
        return List.of(
                Drill.of("postgres-killed", "PostgreSQL crashes and starts again", Stage.USUAL, trial -> {
                            PostgresServer postgres = trial.platform().postgres();
                            trial.steady(QUIET);
                            for (int i = 0; i < trial.times(2); i++) {
                                trial.inject("kill PostgreSQL", postgres::kill, Duration.ofSeconds(1), postgres::start);
                                trial.steady(QUIET.multipliedBy(2));
                            }
                        })
                        .recoversWithin(Duration.ofSeconds(15)),
                Drill.of("postgres-frozen", "PostgreSQL does not answer for 6 s", Stage.USUAL, trial -> {
                            PostgresServer postgres = trial.platform().postgres();
                            trial.steady(QUIET);
                            trial.inject("freeze PostgreSQL", postgres::pause, Duration.ofSeconds(6), postgres::resume);
                            trial.steady(QUIET.multipliedBy(2));
                        })
                        .recoversWithin(Duration.ofSeconds(15)),
                Drill.of(
                                "connections-terminated",
                                "all of billing's and inventory's database sessions are ended, again and again",
                                Stage.USUAL,
                                trial -> {
                                    trial.steady(QUIET);
                                    for (int i = 0; i < trial.times(10); i++) {
                                        trial.inject("end all sessions", () -> {
                                            terminate(trial, Service.BILLING);
                                            terminate(trial, Service.INVENTORY);
                                        });
                                        trial.steady(Duration.ofSeconds(1));
                                    }
                                    trial.steady(QUIET);
                                })
                        .recoversWithin(Duration.ofSeconds(15)),
                Drill.of(
                                "stock-locked",
                                "somebody holds the stock's rows for 3 s, again and again",
                                Stage.USUAL,
                                trial -> {
                                    trial.steady(QUIET);
                                    for (int i = 0; i < trial.times(3); i++) {
                                        try (Connection session = trial.stores().open(Service.INVENTORY);
                                                Statement statement = session.createStatement()) {
                                            session.setAutoCommit(false);
                                            trial.inject(
                                                    "lock the stock",
                                                    () -> statement.execute("SELECT FROM stock_levels FOR UPDATE"),
                                                    Duration.ofSeconds(3),
                                                    session::rollback);
                                        }
                                        trial.steady(Duration.ofSeconds(3));
                                    }
                                })
                        .withoutFailedRequest(),
                Drill.of("snapshot-held", "a transaction keeps its snapshot open for 20 s", Stage.USUAL, trial -> {
                            trial.steady(QUIET);
                            try (Connection session = trial.stores().open(Service.BILLING);
                                    Statement statement = session.createStatement()) {
                                session.setAutoCommit(false);
                                session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                                trial.inject(
                                        "hold a snapshot",
                                        () -> statement.execute("SELECT count(*) FROM orders"),
                                        Duration.ofSeconds(20),
                                        session::rollback);
                            }
                            trial.steady(QUIET);
                        })
                        .withoutFailedRequest(),
                Drill.of("spike", "ten times the usual orders for 5 s", Stage.USUAL, trial -> {
                    trial.steady(QUIET);
                    double usual = trial.usualOrdersPerSecond();
                    trial.inject(
                            "ten times the orders",
                            () -> trial.load().ordersPerSecond(10 * usual),
                            QUIET,
                            () -> trial.load().ordersPerSecond(usual));
                    trial.steady(QUIET.multipliedBy(2));
                }));
    }

    private static void terminate(Trial trial, Service service) throws Exception {
        try (Connection session = trial.stores().open(service);
                Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE usename = current_user AND pid <> pg_backend_pid()");
        }
    }
}
