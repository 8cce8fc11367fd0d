package dev.gatehouse.devstack.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real platform around services that are only stubs; the real services run in tests/e2e. */
class PlatformIT {

    @TempDir
    static Path folder;

    private static PlatformSettings settings;
    private static Platform platform;

    @BeforeAll
    static void start() throws Exception {
        settings = settingsIn("shared");
        platform = Platform.start(settings);
    }

    @AfterAll
    static void close() {
        platform.close();
    }

    @Test
    void answersThroughTheGatewayOnceStarted() throws Exception {
        assertThat(get(platform.gatewayUrl(), Duration.ofSeconds(5))).isEqualTo(200);
        assertThat(platform.token(DemoUser.CATALOGUE_MANAGER)).contains(".");
        assertThat(platform.payments().journal()).isEmpty();
    }

    @Test
    void tellsItsStateOnlyToItsOwner() throws Exception {
        PlatformState state = PlatformState.read(settings.home()).orElseThrow();

        assertThat(state.phase()).isEqualTo("ready");
        assertThat(state.supervisor().handle()).contains(ProcessHandle.current());
        assertThat(state.urls().get("gateway")).isEqualTo(platform.gatewayUrl());
        assertThat(state.parts())
                .allSatisfy(part -> assertThat(part.process().handle()).isPresent());
        for (String file : new String[] {"state.json", "credentials"}) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(settings.home().resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void startsAServiceAgainThatCrashed() {
        ServiceInstance billing = platform.service(Service.BILLING);
        long before = billing.pid();
        int restarts = billing.restarts();

        billing.crash();

        await().atMost(Duration.ofSeconds(30)).until(() -> billing.alive() && billing.ready());
        assertThat(billing.pid()).isNotEqualTo(before);
        assertThat(billing.restarts()).isEqualTo(restarts + 1);
        await().untilAsserted(() -> assertThat(
                        PlatformState.read(settings.home()).orElseThrow().parts())
                .filteredOn(part -> part.name().equals("billing-service"))
                .allSatisfy(part -> assertThat(part.process().pid()).isEqualTo(billing.pid())));
    }

    @Test
    void leavesAServiceDownThatWasKilledOnPurpose() {
        ServiceInstance inventory = platform.service(Service.INVENTORY);

        inventory.kill();

        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(4)).until(() -> !inventory.alive());
        inventory.start();
        assertThat(inventory.ready()).isTrue();
    }

    @Test
    void letsAPausedServiceKeepCallersWaiting() throws Exception {
        ServiceInstance gateway = platform.service(Service.GATEWAY);

        gateway.pause();
        assertThatThrownBy(() -> get(gateway.url(), Duration.ofMillis(500))).isInstanceOf(HttpTimeoutException.class);
        gateway.resume();

        assertThat(get(gateway.url(), Duration.ofSeconds(10))).isEqualTo(200);
    }

    @Test
    void runsAnotherCopyOfAService() throws Exception {
        ServiceInstance second = platform.startAnother(Service.INVENTORY);

        assertThat(second.name()).isEqualTo("inventory-service-2");
        assertThat(get(second.url(), Duration.ofSeconds(5))).isEqualTo(200);
        assertThat(platform.copies(Service.INVENTORY)).hasSize(2);
    }

    @Test
    void refusesASecondPlatformOnTheSameData() {
        assertThatThrownBy(() -> Platform.start(settings))
                .isInstanceOf(CannotStart.class)
                .hasMessage("A platform already runs on " + settings.home() + ": `make dev-down` stops it.");
        assertThat(platform.service(Service.GATEWAY).ready()).isTrue();
    }

    @Test
    void leavesNoProcessAndKeepsSecretsForTheNextStart() throws Exception {
        PlatformSettings own = settingsIn("own");
        String password;
        try (Platform first = Platform.start(own)) {
            password = first.password(DemoUser.CUSTOMER);
            assertThat(Leftovers.in(own.home())).hasSizeGreaterThanOrEqualTo(5);
        }
        assertThat(Leftovers.in(own.home())).isEmpty();
        assertThat(own.ports().values()).allMatch(Ports::isFree);
        assertThat(PlatformState.read(own.home())).isEmpty();

        try (Platform second = Platform.start(own)) {
            assertThat(second.password(DemoUser.CUSTOMER)).isEqualTo(password);
        }
    }

    @Test
    void namesATakenPortAndLeavesNothingRunning() throws Exception {
        PlatformSettings own = settingsIn("taken");
        int port = own.port(Door.INVENTORY_MANAGEMENT);
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName(Ports.LOOPBACK))) {
            assertThatThrownBy(() -> Platform.start(own))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("Port " + other.getLocalPort()
                            + " on 127.0.0.1, wanted for inventory-service's management, is in use by another program:"
                            + " stop that program or set GATEHOUSE_INVENTORY_MANAGEMENT_PORT to another port, or"
                            + " PORTS=free.");
        }
        assertThat(Leftovers.in(own.home())).isEmpty();
    }

    @Test
    void saysWhyAServiceDoesNotStartAndLeavesNothingRunning() throws Exception {
        PlatformSettings own = settingsIn("failing").withEnvironment(Service.BILLING, Map.of("STUB", "fail"));

        assertThatThrownBy(() -> Platform.start(own))
                .isInstanceOf(CannotStart.class)
                .hasMessage(
                        "billing-service ended with exit code 3 while starting: 2026-11-21 ERROR the stub was told to"
                                + " fail (log: " + own.home().resolve("logs/billing-service.log") + ").");
        assertThat(Leftovers.in(own.home())).isEmpty();
        assertThat(own.ports().values()).allMatch(Ports::isFree);
    }

    @Test
    void leavesAServiceAloneThatEndsAgainAndAgain() throws Exception {
        PlatformSettings own = settingsIn("fleeting").withEnvironment(Service.BILLING, Map.of("STUB", "fleeting"));
        try (Platform unlucky = Platform.start(own)) {
            ServiceInstance billing = unlucky.service(Service.BILLING);

            await().atMost(Duration.ofSeconds(120)).until(() -> billing.restarts() == ServiceInstance.CRASHES_BORNE);
            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(30)).until(() -> !billing.alive());
            assertThat(billing.restarts()).isEqualTo(ServiceInstance.CRASHES_BORNE);
        }
    }

    private static PlatformSettings settingsIn(String name) throws Exception {
        Map<String, String> environment = Map.of(
                "PORTS", "free",
                "GATEHOUSE_HOME", folder.resolve(name).toString(),
                "BROKER", System.getenv().getOrDefault("BROKER", ""),
                "REDIS", System.getenv().getOrDefault("REDIS", ""));
        return PlatformSettings.fromEnvironment(StubService.repository(folder.resolve("repository")), environment);
    }

    private static int get(String url, Duration limit) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url + "/api/films?limit=1"))
                                    .timeout(limit)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
