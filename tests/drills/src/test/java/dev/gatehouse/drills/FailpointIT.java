package dev.gatehouse.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import dev.gatehouse.drills.agent.AgentOption;
import dev.gatehouse.drills.agent.Mutation;
import dev.gatehouse.drills.agent.Point;
import dev.gatehouse.drills.agent.Remote;
import dev.gatehouse.drills.load.Shop;
import dev.gatehouse.drills.load.Shop.Film;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real billing-service with the agent in it. */
class FailpointIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private static AgentOption agent;
    private static Platform platform;
    private static Shop shop;
    private static Film film;
    private static final int CONTROL = Ports.free();
    private static final Remote REMOTE = new Remote(CONTROL);

    @BeforeAll
    static void start() throws Exception {
        platform = Platform.start(PlatformSettings.forTest(folder));
        agent = AgentOption.in(platform.settings().repository()).control(CONTROL);
        restartBilling(agent);
        shop = new Shop(platform);
        film = shop.stock("failpoints", 1000).getFirst();
    }

    @AfterAll
    static void close() {
        shop.close();
        platform.close();
    }

    @Test
    void passesEveryPointOfAnOrderThatEndsWell() throws Exception {
        order(UUID.randomUUID(), "CONFIRMED");

        for (Point point : List.of(
                Point.BEFORE_INTAKE_COMMIT,
                Point.AFTER_INTAKE_COMMIT,
                Point.AFTER_OUTBOX_CLAIM,
                Point.AFTER_PUBLISH,
                Point.AFTER_CONFIRM,
                Point.AFTER_STEP_CLAIM,
                Point.AFTER_RESERVE,
                Point.AFTER_AUTHORIZE,
                Point.AFTER_CAPTURE,
                Point.AFTER_SALE,
                Point.BEFORE_STEP_COMMIT,
                Point.AFTER_STEP_COMMIT)) {
            assertThat(REMOTE.reached(point)).as(point.word()).isPositive();
        }
    }

    @Test
    void endsTheProcessAtAPointAndLetsTheOrderGoOnAfterwards() throws Exception {
        ServiceInstance billing = platform.service(Service.BILLING);
        for (Point point : List.of(Point.BEFORE_INTAKE_COMMIT, Point.AFTER_CAPTURE)) {
            long before = billing.pid();
            int restarts = billing.restarts();
            REMOTE.halt(point, 1);

            UUID order = order(UUID.randomUUID(), "CONFIRMED");

            assertThat(billing.exitCode()).hasValue(137);
            assertThat(billing.restarts()).isEqualTo(restarts + 1);
            assertThat(billing.pid()).isNotEqualTo(before);
            assertThat(captures(order)).isEqualTo(1);
        }
    }

    @Test
    void authorizesTwiceOnceTheKeyIsRandomAndTheAnswerIsLost() throws Exception {
        restartBilling(agent.mutate(Mutation.RANDOM_PAYMENT_KEY));
        REMOTE.halt(Point.AFTER_AUTHORIZE, 1);

        UUID order = order(UUID.randomUUID(), "CONFIRMED");

        assertThat(platform.payments().journal())
                .filteredOn(entry -> order.toString().equals(entry.orderId()))
                .filteredOn(entry -> entry.effect() == Effect.AUTHORIZED)
                .hasSize(2);
        restartBilling(agent);
    }

    private static void restartBilling(AgentOption option) {
        ServiceInstance billing = platform.service(Service.BILLING);
        billing.stop();
        billing.launchWith(List.of(option.text()), Map.of());
        billing.start();
    }

    private static long captures(UUID order) {
        return platform.payments().journal().stream()
                .filter(entry -> order.toString().equals(entry.orderId()))
                .filter(entry -> entry.effect() == Effect.CAPTURED)
                .count();
    }

    /** Orders with one key as often as it takes, and waits for the order's end. */
    private static UUID order(UUID key, String end) {
        String body = """
                {"lines": [{"filmId": "%s", "quantity": 1, "unitPrice": {"amountMinor": %d, "currency": "EUR"}}],
                 "paymentMethod": "pm_card_visa"}""".formatted(film.id(), film.priceMinor());
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            HttpResponse<String> placed = shop.send(
                                    DemoUser.CUSTOMER,
                                    "POST",
                                    "/api/orders",
                                    body,
                                    Duration.ofSeconds(10),
                                    "Idempotency-Key",
                                    "\"" + key + "\"");
                            if (placed.statusCode() != 202) {
                                return null;
                            }
                            String location =
                                    placed.headers().firstValue("Location").orElseThrow();
                            HttpResponse<String> order =
                                    shop.send(DemoUser.CUSTOMER, "GET", location, null, Duration.ofSeconds(10));
                            return order.statusCode() == 200 && order.body().contains("\"" + end + "\"")
                                    ? UUID.fromString(location.substring(location.lastIndexOf('/') + 1))
                                    : null;
                        },
                        java.util.Objects::nonNull);
    }
}
