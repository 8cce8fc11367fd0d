package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.BILLING;
import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import dev.gatehouse.gateway.Upstream.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.io.ClassPathResource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the gateway passes on, and how. */
@GatewayTest
class GatewayContractTests {

    @LocalServerPort
    private int port;

    @Autowired
    private RouteLocator routes;

    private static String bearer(String... scopes) {
        return "Authorization: Bearer " + TestStores.issuer().token("customer-1", scopes);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/films, inventory, /api/films",
        "GET, /api/films/1, inventory, /api/films/1",
        "PUT, /api/films/1, inventory, /api/films/1",
        "POST, /api/films/import, inventory, /api/films/import",
        "PUT, /api/reservations/1, inventory, /api/reservations/1",
        "POST, /api/orders, billing, /api/orders",
        "GET, /api/orders/1/events, billing, /api/orders/1/events",
        "DELETE, /api/cart/items/1, billing, /api/cart/items/1",
        "DELETE, /api/customers/me, billing, /api/customers/me",
        "GET, /api/operations/actions, billing, /api/operations/actions",
        "POST, /api/operations/reconciliations, billing, /api/operations/reconciliations",
        "POST, /api/orders/1/refunds, billing, /api/orders/1/refunds",
        "POST, /api/webhooks/payments, billing, /api/webhooks/payments",
        "GET, /openapi/inventory, inventory, /v3/api-docs",
        "GET, /openapi/billing, billing, /v3/api-docs",
    })
    void sendsEachPathToItsService(String method, String path, String service, String target) {
        Reply reply = RawClient.exchange(port, method + " " + path, bearer(), "Content-Length: 0");

        Seen seen = (service.equals("inventory") ? INVENTORY : BILLING).next();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(seen.method()).isEqualTo(method);
        assertThat(seen.target()).isEqualTo(target);
        assertThat((service.equals("inventory") ? BILLING : INVENTORY).begun()).isZero();
    }

    @Test
    void hasTheRoutesInForceThatItsConfigurationDeclares() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource("application.yaml"));
        Properties declared = yaml.getObject();
        TreeMap<Integer, String> ids = new TreeMap<>();
        declared.stringPropertyNames().forEach(name -> {
            String prefix = "spring.cloud.gateway.server.webflux.routes[";
            if (name.startsWith(prefix) && name.endsWith("].id")) {
                ids.put(
                        Integer.valueOf(name.substring(prefix.length(), name.indexOf(']'))),
                        declared.getProperty(name));
            }
        });

        List<String> inForce =
                routes.getRoutes().map(Route::getId).collectList().block(Duration.ofSeconds(5));

        assertThat(ids).hasSize(11);
        assertThat(inForce).containsExactlyElementsOf(ids.values());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 502, 503, 504})
    @DisplayName("K18: sends a POST without a key to its service once, whatever becomes of it")
    void sendsAPostWithoutAKeyOnce(int status) {
        BILLING.answer(
                "/api/orders",
                (seen, response) -> status == 0
                        // Broken off before the answer: whether it had an effect nobody knows.
                        ? Mono.fromRunnable(() -> response.withConnection(connection -> connection.dispose()))
                        : response.status(status).send());
        // Leaves a connection in the pool: a client that retries does it on those.
        RawClient.exchange(port, "GET /api/orders/1", bearer());
        BILLING.next();

        Reply reply = RawClient.exchange(port, "POST /api/orders", bearer(), "Content-Length: 0");

        assertThat(reply.status()).isBetween(500, 599);
        assertThat(BILLING.next().method()).isEqualTo("POST");
        RawClient.exchange(port, "GET /api/orders/2", bearer());
        assertThat(BILLING.next().target()).isEqualTo("/api/orders/2");
        assertThat(BILLING.begun()).isEqualTo(3);
    }

    @Test
    void passesTheQueryOnByteForByte() {
        RawClient.exchange(port, "GET /api/films?q=a%2Bb+c%20d%26e&x=%25&y=%C3%A9&empty=&flag&q=2");

        assertThat(INVENTORY.next().target()).isEqualTo("/api/films?q=a%2Bb+c%20d%26e&x=%25&y=%C3%A9&empty=&flag&q=2");
    }

    @Test
    void passesStatusHeadersAndBodyOfTheServiceOn() {
        INVENTORY.answer(
                "/api/films/1",
                (seen, response) -> response.status(418)
                        .header("ETag", "\"7\"")
                        .header("X-Own", "kept")
                        .sendString(Flux.just("short ", "and stout")));

        Reply reply = RawClient.exchange(port, "GET /api/films/1");

        assertThat(reply.status()).isEqualTo(418);
        assertThat(reply.one("ETag")).isEqualTo("\"7\"");
        assertThat(reply.one("X-Own")).isEqualTo("kept");
        assertThat(reply.body()).isEqualTo("short and stout");
    }

    @Test
    void leavesProblemDocumentsOfAServiceAsTheyAre() {
        INVENTORY.answer(
                "/api/films",
                (seen, response) -> response.status(415)
                        .header("Content-Type", "application/problem+json")
                        .sendString(Flux.just("{\"type\":\"https://gatehouse.dev/problems/unsupported-media-type\"}")));

        Reply reply = RawClient.exchange(port, "POST /api/films", bearer(), "Content-Length: 0");

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.body()).isEqualTo("{\"type\":\"https://gatehouse.dev/problems/unsupported-media-type\"}");
    }

    @Test
    void serves304WithoutABody() {
        INVENTORY.answer(
                "/api/films/1",
                (seen, response) -> response.status(304).header("ETag", "\"7\"").send());

        try (RawClient client = RawClient.to(port)) {
            Reply unchanged = client.send(RawClient.head("GET /api/films/1", "If-None-Match: \"7\""))
                    .reply();
            Reply next = client.send(RawClient.head("GET /api/films/2")).reply();

            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(INVENTORY.next().all("If-None-Match")).containsExactly("\"7\"");
            assertThat(next.status()).isEqualTo(200);
        }
    }

    @Test
    void keepsTheClientsConnectionOpenAfterRefusals() {
        try (RawClient client = RawClient.to(port)) {
            assertThat(client.send(RawClient.head("GET /nowhere")).reply().status())
                    .isEqualTo(404);
            assertThat(client.send(RawClient.head("GET /api/cart")).reply().status())
                    .isEqualTo(401);
            assertThat(client.send(RawClient.head("GET /api/films")).reply().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void usesOneUpstreamConnectionForSuccessiveRequests() {
        RawClient.exchange(port, "GET /api/films");
        RawClient.exchange(port, "GET /api/films");

        assertThat(INVENTORY.next().connection()).isEqualTo(INVENTORY.next().connection());
    }

    @Test
    void closesIdleUpstreamConnectionsBeforeTheServiceDoes() {
        RawClient.exchange(port, "GET /api/films");
        assertThat(INVENTORY.openConnections()).isPositive();

        await().atMost(Duration.ofSeconds(5)).until(() -> INVENTORY.openConnections() == 0);
    }

    @Test
    void takesTheWarmestUpstreamConnectionFirst() {
        BILLING.answer(
                "/api/orders/slow",
                (seen, response) -> response.sendString(Flux.just("late").delaySequence(Duration.ofMillis(150))));
        String token = bearer();
        try (RawClient first = RawClient.to(port);
                RawClient second = RawClient.to(port)) {
            first.send(RawClient.head("GET /api/orders/slow", token));
            await().until(() -> BILLING.begun() == 1);
            second.send(RawClient.head("GET /api/orders/1", token));
            assertThat(second.reply().status()).isEqualTo(200);
            assertThat(first.reply().status()).isEqualTo(200);
        }
        String slow = BILLING.next().connection();
        BILLING.next();

        RawClient.exchange(port, "GET /api/orders/2", token);

        // The slow one came back last. First in, first out would take the other.
        assertThat(BILLING.next().connection()).isEqualTo(slow);
    }

    @Test
    void passesEventsOnAsTheyHappenAndBeyondTheResponseLimit() throws IOException {
        INVENTORY.answer(
                "/api/films/events",
                (seen, response) -> response.sse()
                        .sendString(Flux.interval(Duration.ZERO, Duration.ofMillis(400))
                                .take(5)
                                .map(n -> "id: " + n + "\n\n")));
        try (RawClient client = RawClient.to(port)) {
            long start = System.nanoTime();
            client.send(RawClient.head("GET /api/films/events"));
            while (!client.line().equals("id: 0")) {}
            Duration first = Duration.ofNanos(System.nanoTime() - start);
            while (!client.line().equals("id: 4")) {}
            Duration last = Duration.ofNanos(System.nanoTime() - start);

            // The limit on the wait for a response is 800 ms here.
            assertThat(first).isLessThan(Duration.ofMillis(800));
            assertThat(last).isGreaterThan(Duration.ofMillis(1_500));
        }
    }

    @Test
    void stopsTheServicesWorkWhenTheClientLeaves() {
        BILLING.answer(
                "/api/orders/1/events",
                (seen, response) -> response.sse()
                        .sendString(Flux.interval(Duration.ofMillis(50)).map(n -> "id: " + n + "\n\n")));
        try (RawClient client = RawClient.to(port)) {
            assertThat(client.send(RawClient.head("GET /api/orders/1/events", bearer()))
                            .reply(true)
                            .status())
                    .isEqualTo(200);
        }

        await().atMost(Duration.ofSeconds(5)).until(() -> BILLING.cut().contains("/api/orders/1/events"));
    }
}
