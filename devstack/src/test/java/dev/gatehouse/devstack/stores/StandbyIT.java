package dev.gatehouse.devstack.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.faults.Direction;
import dev.gatehouse.devstack.faults.FaultProxy;
import dev.gatehouse.devstack.faults.Injected;
import dev.gatehouse.devstack.faults.Toxic;
import dev.gatehouse.devstack.process.Ports;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandbyIT {

    private static final String PASSWORD = "a-password";

    @TempDir
    Path folder;

    private PostgresServer primary;
    private FaultProxy stream;
    private Standby standby;

    @BeforeEach
    void start() throws Exception {
        primary = PostgresServer.in(folder.resolve("postgres"), Ports.free());
        primary.start();
        primary.database("names", PASSWORD);
        execute(primary, "CREATE TABLE names (name text)");
        execute(primary, "INSERT INTO names VALUES ('before')");
        stream = FaultProxy.to(primary.port());
        standby = Standby.start(
                primary, folder.resolve("postgres-2"), Ports.free(), folder.resolve("standby.log"), stream.port());
    }

    @AfterEach
    void close() {
        standby.close();
        stream.close();
        primary.close();
    }

    @Test
    void showsWhatItsPrimaryCommitsAndTakesNoWrites() throws Exception {
        execute(primary, "INSERT INTO names VALUES ('followed')");

        await().untilAsserted(() -> assertThat(names(standby.server())).containsExactly("before", "followed"));
        assertThatThrownBy(() -> execute(standby.server(), "INSERT INTO names VALUES ('no')"))
                .hasMessageContaining("read-only");
        assertThat(standby.streaming()).isTrue();
    }

    @Test
    void losesCommitsWhenNobodyWaitedForIt() throws Exception {
        stream.blackHole();
        execute(primary, "INSERT INTO names VALUES ('acknowledged and lost')");

        primary.kill();
        PostgresServer promoted = standby.promote();

        assertThat(names(promoted)).containsExactly("before");
        execute(promoted, "INSERT INTO names VALUES ('after')");
        assertThat(names(promoted)).containsExactly("before", "after");
    }

    @Test
    void losesNothingThatWasAcknowledgedWhenCommitsWaitForIt() throws Exception {
        standby.synchronous(true);
        execute(primary, "INSERT INTO names VALUES ('acknowledged')");
        Injected late = stream.add(Direction.DOWNSTREAM, new Toxic.Latency(Duration.ofHours(1), Duration.ZERO));
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                execute(primary, "INSERT INTO names VALUES ('in doubt')");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await().untilAsserted(() -> assertThat(
                        count(primary, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                .isEqualTo(1));

        primary.kill();
        late.remove();
        PostgresServer promoted = standby.promote();

        assertThat(names(promoted)).startsWith("before", "acknowledged");
        assertThat(waiting).isCompletedExceptionally();
    }

    @Test
    void goesOnWithoutItWhenCommitsNeedNotWaitAnyMore() throws Exception {
        standby.synchronous(true);
        standby.server().kill();

        standby.synchronous(false);

        execute(primary, "INSERT INTO names VALUES ('alone')");
        assertThat(names(primary)).containsExactly("before", "alone");
        assertThat(standby.streaming()).isFalse();
    }

    @Test
    void showsCommitsLaterWhenToldAndAllWhenPromoted() throws Exception {
        standby.synchronous(true);
        standby.replayDelay(Duration.ofHours(1));
        await().untilAsserted(() -> assertThat(text(standby.server(), "SHOW recovery_min_apply_delay"))
                .isEqualTo("1h"));
        execute(primary, "INSERT INTO names VALUES ('stored, not shown')");

        assertThat(names(standby.server())).containsExactly("before");
        primary.kill();

        assertThat(names(standby.promote())).containsExactly("before", "stored, not shown");
    }

    private static List<String> names(PostgresServer server) throws SQLException {
        try (Connection connection = connect(server);
                ResultSet rows = connection.createStatement().executeQuery("SELECT name FROM names")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static int count(PostgresServer server, String query) throws SQLException {
        return Integer.parseInt(text(server, query));
    }

    private static String text(PostgresServer server, String query) throws SQLException {
        try (Connection connection = server.superuser().getConnection();
                ResultSet row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server)) {
            connection.createStatement().execute(sql);
        }
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/names", "names", PASSWORD);
    }
}
