package dev.gatehouse.devstack.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.devstack.faults.SmallDisk;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.stores.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A platform that can be hurt, around stubs that tell what they were told. */
class PlatformFaultsIT {

    private static final Map<Link, String> VARIABLES = Map.of(
            Link.BILLING_POSTGRES, "SPRING_DATASOURCE_URL",
            Link.BILLING_BROKER, "SPRING_RABBITMQ_PORT",
            Link.BILLING_REDIS, "SPRING_DATA_REDIS_PORT",
            Link.BILLING_INVENTORY, "BILLING_INVENTORY_BASE_URL",
            Link.BILLING_PAYMENTS, "BILLING_PAYMENT_BASE_URL",
            Link.INVENTORY_POSTGRES, "SPRING_DATASOURCE_URL",
            Link.INVENTORY_REDIS, "SPRING_DATA_REDIS_PORT",
            Link.GATEWAY_BILLING, "GATEWAY_BILLING_URL",
            Link.GATEWAY_INVENTORY, "GATEWAY_INVENTORY_URL");

    @TempDir
    static Path folder;

    private static Platform platform;

    @BeforeAll
    static void start() throws Exception {
        platform = Platform.start(settingsIn("hurt")
                .withBroker("process")
                .withLinks()
                .withCopies(Service.INVENTORY, 2)
                .withCopies(Service.BILLING, 2));
    }

    @AfterAll
    static void close() {
        platform.close();
    }

    @AfterEach
    void heal() {
        platform.healLinks();
    }

    @Test
    void tellsEveryServiceTheProxyInsteadOfWhatIsBehind() throws Exception {
        for (Map.Entry<Link, String> each : VARIABLES.entrySet()) {
            Service service = Service.valueOf(each.getKey().name().replaceFirst("_.*", ""));

            for (ServiceInstance copy : platform.copies(service).stream()
                    .filter(ServiceInstance::alive)
                    .toList()) {
                assertThat(told(copy.port(), each.getValue()))
                        .containsPattern("\\b" + platform.link(each.getKey()).port() + "\\b");
            }
        }
    }

    @Test
    void reachesBothCopiesOfAServiceThroughItsLink() throws Exception {
        assertThat(copiesReached(Link.GATEWAY_BILLING)).containsExactlyInAnyOrderElementsOf(ports(Service.BILLING));
        assertThat(copiesReached(Link.BILLING_INVENTORY)).containsExactlyInAnyOrderElementsOf(ports(Service.INVENTORY));
    }

    @Test
    void reachesTheOtherCopyWhileOneIsDown() throws Exception {
        ServiceInstance first = platform.service(Service.INVENTORY);
        ServiceInstance second = platform.copies(Service.INVENTORY).getLast();

        first.kill();

        assertThat(copiesReached(Link.GATEWAY_INVENTORY)).containsExactly(Integer.toString(second.port()));
        first.start();
        await().untilAsserted(() ->
                assertThat(platform.address(Service.INVENTORY).ready()).contains(first.port(), second.port()));
    }

    @Test
    void startsACopyAgainWithOtherArguments() throws Exception {
        ServiceInstance billing = platform.copies(Service.BILLING).get(1);
        int port = billing.port();
        billing.launchWith(List.of("-Xss512k"), Map.of("EXTRA", "for this copy"));

        billing.crash();

        await().atMost(Duration.ofSeconds(30)).until(() -> billing.restarts() > 0 && billing.ready());
        assertThat(billing.port()).isEqualTo(port);
        assertThat(billing.exitCode()).hasValue(137);
        assertThat(told(port, "EXTRA")).isEqualTo("for this copy");
        assertThat(told(platform.service(Service.BILLING).port(), "EXTRA")).isEqualTo("none");
        assertThat(ProcessHandle.of(billing.pid())
                        .orElseThrow()
                        .info()
                        .arguments()
                        .orElseThrow())
                .contains("-Xss512k");
    }

    @Test
    void startsACopyAgainHoweverOftenWhenItIsForgiven() {
        ServiceInstance billing = platform.service(Service.BILLING);
        int restarts = billing.restarts();
        for (int crash = 1; crash <= ServiceInstance.CRASHES_BORNE + 2; crash++) {
            int expected = restarts + crash;
            billing.forgive();

            billing.crash();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> billing.restarts() == expected && billing.alive() && billing.ready());
        }
    }

    @Test
    void addsACopyToItsAddress() {
        ServiceInstance third = platform.startAnother(Service.BILLING, List.of(), Map.of("EXTRA", "third"));

        await().untilAsserted(() ->
                assertThat(platform.address(Service.BILLING).ready()).contains(third.port()));
        third.kill();
        assertThat(platform.address(Service.BILLING).ready()).doesNotContain(third.port());
    }

    @Test
    void hurtsOneServicesWayToTheDatabaseAndNotTheOthers() throws Exception {
        platform.link(Link.BILLING_POSTGRES).down();

        assertThatThrownBy(() -> one(Service.BILLING, Link.BILLING_POSTGRES)).isInstanceOf(SQLException.class);
        assertThat(one(Service.INVENTORY, Link.INVENTORY_POSTGRES)).isEqualTo(1);
        platform.healLinks();
        assertThat(one(Service.BILLING, Link.BILLING_POSTGRES)).isEqualTo(1);
    }

    @Test
    void killsTheBrokerAndKeepsItsPort() {
        int port = platform.broker().port();

        platform.broker().kill();
        assertThat(Ports.accepts(port, Duration.ofSeconds(1))).isFalse();
        platform.broker().start();

        assertThat(Ports.accepts(port, Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void letsAStandbyTakeOverBehindTheSameLink() throws Exception {
        PostgresServer before = platform.postgres();
        platform.startStandby().synchronous(true);
        run("CREATE TABLE kept (n int)");
        run("INSERT INTO kept VALUES (7)");

        before.kill();
        PostgresServer after = platform.failOver();

        assertThat(platform.postgres()).isSameAs(after).isNotSameAs(before);
        assertThat(query("SELECT n FROM kept")).isEqualTo(7);
        run("INSERT INTO kept VALUES (8)");
        // And once more, with the server that has just been promoted.
        platform.startStandby();
        after.kill();
        platform.failOver();
        assertThat(query("SELECT count(*) FROM kept")).isPositive();
    }

    @Test
    void saysThatALinkWasNotAskedFor() throws Exception {
        try (Platform plain = Platform.start(settingsIn("plain"))) {
            assertThatThrownBy(() -> plain.link(Link.BILLING_REDIS)).hasMessageContaining("withLinks()");
            assertThat(told(plain.service(Service.GATEWAY).port(), "GATEWAY_BILLING_URL"))
                    .isEqualTo(plain.service(Service.BILLING).url());
        }
    }

    @Test
    void fillsTheDatabasesDiskAndRecoversWithSpace() throws Exception {
        assumeTrue(SmallDisk.possible(), "only root can mount a small disk");
        Path home;
        try (Platform small = Platform.start(settingsIn("small").withLinks().withDatabaseDisk(200))) {
            home = small.settings().home();
            Database database = small.database(Service.BILLING);
            execute(database, "CREATE TABLE filling (text text)");
            small.databaseDisk().fill();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            execute(
                                    database,
                                    "INSERT INTO filling SELECT repeat('x', 1000) FROM generate_series(1, 1000)");
                        }
                    })
                    .isInstanceOf(SQLException.class);
            assertThat(small.databaseDisk().freeBytes()).isLessThan(1_000_000);
            small.databaseDisk().free();
            small.postgres().start();

            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> execute(database, "INSERT INTO filling VALUES ('space again')"));
        }
        assertThat(home.resolve("postgres")).isEmptyDirectory();
    }

    private static TreeSet<String> copiesReached(Link link) throws Exception {
        TreeSet<String> reached = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            reached.add(told(platform.link(link).port(), "SERVER_PORT"));
        }
        return reached;
    }

    private static List<String> ports(Service service) {
        return platform.copies(service).stream()
                .filter(ServiceInstance::alive)
                .map(copy -> Integer.toString(copy.port()))
                .toList();
    }

    private static int one(Service service, Link link) throws SQLException {
        Database database =
                platform.database(service).through(platform.link(link).port());
        return query(database, "SELECT 1");
    }

    private static void run(String sql) throws SQLException {
        execute(throughTheLink(), sql);
    }

    private static int query(String sql) throws SQLException {
        return query(throughTheLink(), sql);
    }

    private static Database throughTheLink() {
        return platform.database(Service.BILLING)
                .through(platform.link(Link.BILLING_POSTGRES).port());
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = connect(database)) {
            connection.createStatement().execute(sql);
        }
    }

    private static int query(Database database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection connect(Database database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }

    /** What the stub at the port has in its environment; every call is a connection of its own. */
    private static String told(int port, String variable) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/environment/" + variable))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private static PlatformSettings settingsIn(String name) throws Exception {
        return PlatformSettings.fromEnvironment(
                StubService.repository(folder.resolve("repository")),
                Map.of("PORTS", "free", "GATEHOUSE_HOME", folder.resolve(name).toString()));
    }
}
