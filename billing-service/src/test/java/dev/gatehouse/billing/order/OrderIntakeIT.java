package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.stores.TestStores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Taking orders in: what is refused, and who may see what. */
@BillingIntegrationTest
class OrderIntakeIT {

    private static final UUID FILM = UUID.fromString("0193a5b0-7c1e-7b2a-9d3e-5f6a7b8c9d0e");

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    BillingClient customer;

    @BeforeEach
    void meetANewCustomer() {
        customer = BillingClient.customer(port);
    }

    static Stream<Arguments> wrongBodies() {
        String price = "\"unitPrice\": {\"amountMinor\": 1, \"currency\": \"EUR\"}";
        String line = "{\"filmId\": \"" + FILM + "\", \"quantity\": 1, " + price + "}";
        String method = "\"paymentMethod\": \"pm_card_visa\"";
        return Stream.of(
                Arguments.of("{}", "paymentMethod", "required"),
                Arguments.of("{\"lines\": [], " + method + "}", "lines", "too-short"),
                Arguments.of("{\"lines\": {}, " + method + "}", "lines", "wrong-type"),
                Arguments.of("{\"lines\": [null], " + method + "}", "lines[0]", "wrong-type"),
                Arguments.of("{\"lines\": [" + "{}" + "], " + method + "}", "lines[0].filmId", "required"),
                Arguments.of(
                        "{\"lines\": [" + line + ", " + line + "], " + method + "}", "lines[1].filmId", "duplicate"),
                Arguments.of(
                        "{\"lines\": [" + line.replace("1, \"unit", "0, \"unit") + "], " + method + "}",
                        "lines[0].quantity",
                        "too-small"),
                Arguments.of(
                        "{\"lines\": [" + line.replace("1, \"unit", "101, \"unit") + "], " + method + "}",
                        "lines[0].quantity",
                        "too-large"),
                Arguments.of(
                        "{\"lines\": [" + line.replace("1, \"unit", "\"1\", \"unit") + "], " + method + "}",
                        "lines[0].quantity",
                        "wrong-type"),
                Arguments.of(
                        "{\"lines\": [" + line.replace("1, \"unit", "1.5, \"unit") + "], " + method + "}",
                        "lines[0].quantity",
                        "wrong-type"),
                Arguments.of(
                        "{\"lines\": [" + line.replace(FILM.toString(), "1-1-1-1-1") + "], " + method + "}",
                        "lines[0].filmId",
                        "wrong-type"),
                Arguments.of(
                        "{\"lines\": [" + line.replace("\"amountMinor\": 1", "\"amountMinor\": -1") + "], " + method
                                + "}",
                        "lines[0].unitPrice.amountMinor",
                        "too-small"),
                Arguments.of(
                        "{\"lines\": [" + line.replace("EUR", "XXX") + "], " + method + "}",
                        "lines[0].unitPrice.currency",
                        "unknown-currency"),
                Arguments.of(
                        "{\"lines\": [" + line + ", "
                                + line.replace("EUR", "USD")
                                        .replace(
                                                FILM.toString(),
                                                UUID.randomUUID().toString())
                                + "], " + method + "}",
                        "lines[1].unitPrice.currency",
                        "mixed-currencies"),
                Arguments.of("{\"lines\": [" + line + "], " + method + ", \"total\": 1}", "total", "unknown-field"),
                Arguments.of(
                        "{\"lines\": [" + line + "], \"paymentMethod\": \"4242 4242 4242 4242\"}",
                        "paymentMethod",
                        "card-number"),
                Arguments.of(
                        "{\"lines\": [" + line + "], " + method + ", \"note\": 4242424242424242}",
                        "note",
                        "card-number"),
                Arguments.of(
                        "{\"lines\": [" + line + "], \"paymentMethod\": \"pm_" + "x".repeat(98) + "\"}",
                        "paymentMethod",
                        "too-long"),
                Arguments.of("{\"lines\": [" + line + "], \"paymentMethod\": \"visa\"}", "paymentMethod", "malformed"));
    }

    @ParameterizedTest
    @MethodSource("wrongBodies")
    void namesTheFieldThatIsWrong(String body, String field, String code) {
        Reply reply = customer.post("/api/orders", body, "Idempotency-Key", "\"k\"");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.json().path("errors").valueStream()).anySatisfy(error -> {
            assertThat(error.path("field").asString()).isEqualTo(field);
            assertThat(error.path("code").asString()).isEqualTo(code);
        });
        assertThat(reply.json().path("instance").asString()).isEqualTo("/api/orders");
        assertThat(reply.json().path("traceId").asString()).hasSize(32);
    }

    @Test
    void namesEveryWrongFieldAtOnce() {
        Reply reply = customer.post(
                "/api/orders",
                "{\"lines\": [{\"filmId\": 7, \"quantity\": 0, \"unitPrice\": {\"currency\": \"EUR\"}}], \"x\": 1}",
                "Idempotency-Key",
                "\"k\"");

        assertThat(reply.json()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("field").asString()))
                .containsExactly(
                        "lines[0].filmId", "lines[0].quantity", "lines[0].unitPrice.amountMinor", "paymentMethod", "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "[]]", "{\"paymentMethod\": \"pm_a\", \"paymentMethod\": \"pm_b\"}"})
    void refusesWhatIsNotOneJsonDocument(String body) {
        Reply reply = customer.post("/api/orders", body, "Idempotency-Key", "\"k\"");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("malformed-request");
    }

    @Test
    void refusesOtherContentTypesAndTooMuchContent() {
        Reply xml = customer.send(
                "POST", "/api/orders", "<order/>", "Content-Type", "application/xml", "Idempotency-Key", "\"k\"");
        Reply large =
                customer.post("/api/orders", "{\"x\": \"" + "x".repeat(70_000) + "\"}", "Idempotency-Key", "\"k\"");

        assertThat(xml.status()).isEqualTo(415);
        assertThat(xml.problem()).isEqualTo("unsupported-media-type");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.problem()).isEqualTo("payload-too-large");
    }

    @Test
    void namesEveryWrongParameterAtOnce() {
        Reply both = customer.get("/api/orders?limit=101&state=LOST");

        assertThat(both.json().path("errors").findValuesAsString("field")).containsExactlyInAnyOrder("limit", "state");
        assertThat(both.json().path("errors").findValuesAsString("code"))
                .containsExactlyInAnyOrder("too-large", "wrong-type");
    }

    @Test
    void refusesUnknownAndWrongParameters() {
        Reply unknown = customer.get("/api/orders?sort=price");
        Reply twice = customer.get("/api/orders?limit=1&limit=2");
        Reply beyond = customer.get("/api/orders?limit=101");
        Reply word = customer.get("/api/orders?limit=ten");
        Reply state = customer.get("/api/orders?state=LOST");
        Reply cursor = customer.get("/api/orders?cursor=abc");
        Reply method = customer.send("DELETE", "/api/orders", "");

        assertThat(unknown.json().path("errors").path(0).path("code").asString())
                .isEqualTo("unknown-parameter");
        assertThat(twice.json().path("errors").path(0).path("code").asString()).isEqualTo("repeated");
        assertThat(beyond.json().path("errors").path(0).path("code").asString()).isEqualTo("too-large");
        assertThat(beyond.json().path("errors").path(0).path("limit").asInt()).isEqualTo(100);
        assertThat(word.json().path("errors").path(0).path("code").asString()).isEqualTo("wrong-type");
        assertThat(state.json().path("errors").path(0).path("field").asString()).isEqualTo("state");
        assertThat(cursor.json().path("errors").path(0).path("code").asString()).isEqualTo("malformed");
        assertThat(Stream.of(unknown, twice, beyond, word, state, cursor).map(Reply::status))
                .containsOnly(400);
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).contains("GET", "POST");
    }

    @Test
    void needsTheCacheForCartsOnly() {
        assumeFalse("containers".equals(System.getenv("STORES")), "The devstack's cache has the switch");
        UUID film = inventory.film(5, 100);

        Reply lines;
        Reply cart;
        TestStores.redis().stop();
        try {
            lines = customer.order(film, 1, 100, "pm_card_visa", "Prefer", "wait=30");
            cart = customer.post("/api/orders", "{\"paymentMethod\": \"pm_card_visa\"}", "Idempotency-Key", "\"c\"");
        } finally {
            TestStores.redis().start();
        }

        assertThat(lines.state()).isEqualTo("CONFIRMED");
        assertThat(cart.status()).isEqualTo(503);
        assertThat(cart.problem()).isEqualTo("service-unavailable");
        assertThat(cart.header("Retry-After")).isNotEmpty();
    }

    @Test
    void hidesOrdersFromOthersButNotFromOperators() {
        UUID order =
                customer.order(inventory.film(5, 100), 1, 100, "pm_card_visa").id();
        BillingClient other = BillingClient.customer(port);
        BillingClient operator = BillingClient.of(port, "operator", "ops");
        BillingClient reader = BillingClient.of(port, customer.subject(), "orders.read");
        BillingClient nobody = BillingClient.of(port, customer.subject(), "catalogue.write");

        assertThat(customer.get("/api/orders/" + order).status()).isEqualTo(200);
        assertThat(operator.get("/api/orders/" + order).status()).isEqualTo(200);
        assertThat(operator.get("/api/orders/" + order + "/events", "Last-Event-ID", "99")
                        .status())
                .isLessThan(300);
        for (String path : List.of("", "/events")) {
            Reply reply = other.get("/api/orders/" + order + path);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.problem()).isEqualTo("not-found");
        }
        assertThat(other.post("/api/orders/" + order + "/cancellation", "").status())
                .isEqualTo(404);
        assertThat(other.get("/api/orders").json().path("items").size()).isZero();
        assertThat(operator.get("/api/orders").json().path("items").size()).isPositive();
        assertThat(reader.post("/api/orders/" + order + "/cancellation", "").status())
                .isEqualTo(403);
        assertThat(operator.post("/api/orders/" + order + "/cancellation", "").problem())
                .isEqualTo("forbidden");
        assertThat(nobody.get("/api/orders/" + order).status()).isEqualTo(403);
        assertThat(customer.get("/api/orders/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(customer.get("/api/orders/1").problem()).isEqualTo("invalid-request");
    }

    @Test
    void acceptsOnlyTokensMadeForIt() {
        var issuer = TestStores.issuer();
        List<String> tokens = List.of(
                issuer.token(claims ->
                        claims.subject("a").claim("scope", "orders.read").audience(List.of("other"))),
                issuer.token(claims ->
                        claims.subject("a").claim("scope", "orders.read").issuer("http://127.0.0.1:1")),
                issuer.token(claims -> claims.subject("a")
                        .claim("scope", "orders.read")
                        .issuedAt(Instant.now().minus(Duration.ofHours(2)))
                        .expiresAt(Instant.now().minus(Duration.ofHours(1)))),
                issuer.token(claims -> claims.subject("").claim("scope", "orders.read")),
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
                "nonsense");

        for (String token : tokens) {
            Reply reply = customer.withToken(token).get("/api/orders");
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.problem()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void pagesThroughOrdersNewestFirst() {
        UUID film = inventory.film(50, 100);
        List<UUID> placed = IntStream.range(0, 5)
                .mapToObj(i -> customer.order(film, 1, 100, "pm_card_visa").id())
                .toList();

        Reply first = customer.get("/api/orders?limit=2");
        String cursor = first.json().path("nextCursor").asString();
        Reply second = customer.get("/api/orders?limit=2&cursor=" + cursor);
        Reply last = customer.get(
                "/api/orders?limit=2&cursor=" + second.json().path("nextCursor").asString());
        Reply otherQuery = customer.get("/api/orders?limit=2&state=PLACED&cursor=" + cursor);

        assertThat(Stream.of(first, second, last)
                        .flatMap(page -> page.json().path("items").valueStream())
                        .map(item -> UUID.fromString(item.path("id").asString())))
                .containsExactlyElementsOf(placed.reversed());
        assertThat(last.json().path("nextCursor").isNull()).isTrue();
        assertThat(otherQuery.json().path("errors").path(0).path("code").asString())
                .isEqualTo("other-query");
    }

    @Test
    void answers304ToWhoeverKnowsTheVersion() {
        UUID order =
                customer.order(inventory.film(5, 100), 1, 100, "pm_card_visa").id();
        Reply known = customer.get("/api/orders/" + order, "Prefer", "wait=30");

        Reply again = customer.get("/api/orders/" + order, "If-None-Match", known.header("ETag"));

        assertThat(known.header("ETag")).isEqualTo("\"4\"");
        assertThat(again.status()).isEqualTo(304);
    }
}
