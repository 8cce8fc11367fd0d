package dev.gatehouse.devstack.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {

    private static final String PASSWORD = "a-password";

    @TempDir
    Path folder;

    PostgresServer server;

    @BeforeEach
    void start() {
        server = PostgresServer.in(folder, Ports.free());
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void keepsItsDataThroughStopAndStart() throws Exception {
        insert("kept");

        server.stop();
        assertThat(Ports.isFree(server.port())).isTrue();
        server.start();

        assertThat(rows()).containsExactly("kept");
    }

    @Test
    void keepsCommittedRowsThroughACrash() throws Exception {
        insert("committed");

        server.kill();
        assertThat(server.alive()).isFalse();
        server.start();

        assertThat(rows()).containsExactly("committed");
    }

    @Test
    void answersNothingWhilePausedAndAllAfterwards() throws Exception {
        insert("here");
        try (Connection connection = connect("?socketTimeout=1")) {
            server.pause();
            assertThatThrownBy(() -> connection.createStatement().executeQuery("SELECT 1"))
                    .isInstanceOf(SQLException.class);
            server.resume();
        }

        assertThat(rows()).containsExactly("here");
    }

    @Test
    void replacesTheServerThatAKilledJvmLeftBehind() throws Exception {
        insert("kept");
        server.stop();
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        folder.toString(),
                        Integer.toString(server.port()))
                .redirectErrorStream(true)
                .start();
        long orphan = startedServer(jvm);
        jvm.destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(orphan)).isPresent();

        server.start();

        assertThat(server.pid()).isNotEqualTo(orphan);
        await().untilAsserted(() -> assertThat(ProcessHandle.of(orphan)).isEmpty());
        assertThat(rows()).containsExactly("kept");
    }

    @Test
    void refusesAFolderThatIsInUse() {
        PostgresServer second = PostgresServer.in(folder, Ports.free());

        assertThatThrownBy(second::start)
                .isInstanceOf(CannotStart.class)
                .hasMessage("The PostgreSQL data in " + folder
                        + " is in use by another running devstack: stop that one first (`make dev-down`).");
        assertThat(server.alive()).isTrue();
    }

    @Test
    void namesATakenPortAndTheSettingThatMovesIt() throws Exception {
        server.stop();
        try (ServerSocket other = new ServerSocket(server.port(), 1, InetAddress.getByName(Ports.LOOPBACK))) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("Port " + other.getLocalPort() + " on 127.0.0.1, wanted for PostgreSQL, is in use by"
                            + " another program: stop that program or set GATEHOUSE_POSTGRES_PORT to another port.");
        }

        server.start();
        assertThat(server.alive()).isTrue();
    }

    @Test
    void saysThatAFileOfTheDataDirectoryIsMissing() throws Exception {
        server.stop();
        Files.delete(folder.resolve("data/global/pg_control"));

        assertThatThrownBy(server::start)
                .isInstanceOf(CannotStart.class)
                .hasMessage("The PostgreSQL data directory " + folder.resolve("data")
                        + " is corrupt: global/pg_control is missing; `make dev-reset` removes the data and starts"
                        + " afresh.");
    }

    @Test
    void saysWhatTheServerFoundCorrupt() throws Exception {
        server.stop();
        Files.write(folder.resolve("data/global/pg_control"), new byte[8192]);

        assertThatThrownBy(server::start)
                .isInstanceOf(CannotStart.class)
                .message()
                .startsWith("PostgreSQL does not start on the data directory " + folder.resolve("data") + ": ")
                .endsWith("; if the data is corrupt, `make dev-reset` removes the data and starts afresh.")
                .doesNotContain("\n");
        assertThat(server.alive()).isFalse();
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws Exception {
        server.stop();
        Files.writeString(folder.resolve("data/PG_VERSION"), "15\n");

        assertThatThrownBy(server::start)
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("was made by PostgreSQL 15, this is 17; `make dev-reset`");
    }

    @Test
    void startsOverAfterAnInterruptedFirstStart() throws Exception {
        server.stop();
        PrivateFiles.delete(folder.resolve("data"));
        Files.createDirectories(folder.resolve("data.new/base"));

        server.start();

        insert("fresh");
        assertThat(rows()).containsExactly("fresh");
    }

    private static long startedServer(Process jvm) throws Exception {
        BufferedReader output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
        return output.lines()
                .filter(line -> line.startsWith("started "))
                .mapToLong(line -> Long.parseLong(line.substring(8)))
                .findFirst()
                .orElseThrow();
    }

    private void insert(String name) throws SQLException {
        try (Connection connection = connect("")) {
            connection.createStatement().execute("CREATE TABLE IF NOT EXISTS names (name text)");
            connection.createStatement().execute("INSERT INTO names VALUES ('" + name + "')");
        }
    }

    private List<String> rows() throws SQLException {
        try (Connection connection = connect("");
                var row = connection.createStatement().executeQuery("SELECT string_agg(name, ',') FROM names")) {
            row.next();
            return List.of(row.getString(1).split(","));
        }
    }

    private Connection connect(String options) throws SQLException {
        Database database = server.database("names", PASSWORD);
        return DriverManager.getConnection(database.url() + options, database.username(), database.password());
    }

    /** A JVM that starts a server and is killed before it can stop it. */
    static final class Starter {

        public static void main(String[] arguments) throws Exception {
            PostgresServer server = PostgresServer.in(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            server.start();
            System.out.println("started " + server.pid());
            Thread.currentThread().join();
        }
    }
}
