package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.stores.TestStores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Taking orders in: what is refused, what is repeated, and who may see what. */
@BillingIntegrationTest
class OrderIntakeIT {

    private static final UUID FILM = UUID.fromString("0193a5b0-7c1e-7b2a-9d3e-5f6a7b8c9d0e");

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

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
    void asksForTheKeyAndForItsQuotes() {
        String body = BillingClient.body(FILM, 1, 1, "pm_card_visa");

        Reply missing = customer.post("/api/orders", body);
        Reply bare = customer.post("/api/orders", body, "Idempotency-Key", "abc");
        Reply twice = customer.post("/api/orders", body, "Idempotency-Key", "\"a\"", "Idempotency-Key", "\"b\"");

        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.problem()).isEqualTo("idempotency-key-missing");
        assertThat(bare.status()).isEqualTo(400);
        assertThat(bare.problem()).isEqualTo("idempotency-key-malformed");
        assertThat(bare.json().path("detail").asString()).contains("\"6f1c0f8e-9a55-4d3c-8f0e-3f8a1e8f6b7d\"");
        assertThat(twice.problem()).isEqualTo("idempotency-key-malformed");
    }

    @Test
    void answersARepetitionAsTheFirstTime() {
        UUID film = inventory.film(5, 100);

        Reply first = customer.orderWithKey("\"again\"", film, 1, 100, "pm_card_visa");
        customer.get("/api/orders/" + first.id(), "Prefer", "wait=30");
        Reply again = customer.post(
                "/api/orders",
                // The same content in another spelling.
                BillingClient.body(film, 1, 100, "pm_card_visa").replace(" ", "   "),
                "Idempotency-Key",
                "\"again\"");

        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(ordersOf(customer)).isEqualTo(1);
    }

    @Test
    void answersARepetitionWithTheOutcomeThatWasSent() {
        UUID film = inventory.film(5, 100);

        Reply first = customer.orderWithKey("\"waited\"", film, 1, 100, "pm_card_visa", "Prefer", "wait=30");
        Reply again = customer.orderWithKey("\"waited\"", film, 1, 100, "pm_card_visa", "Prefer", "wait=30");

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(first.state()).isEqualTo("CONFIRMED");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void refusesAKeyWithOtherContent() {
        UUID film = inventory.film(5, 100);
        customer.orderWithKey("\"reused\"", film, 1, 100, "pm_card_visa");

        Reply other = customer.orderWithKey("\"reused\"", film, 2, 100, "pm_card_visa");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        assertThat(ordersOf(customer)).isEqualTo(1);
    }

    @Test
    void keepsTheKeysOfCustomersApart() {
        UUID film = inventory.film(5, 100);
        BillingClient other = BillingClient.customer(port);

        Reply one = customer.orderWithKey("\"shared\"", film, 1, 100, "pm_card_visa");
        Reply two = other.orderWithKey("\"shared\"", film, 1, 100, "pm_card_visa");

        assertThat(two.status()).isEqualTo(202);
        assertThat(two.header("Idempotent-Replayed")).isEmpty();
        assertThat(two.id()).isNotEqualTo(one.id());
    }

    @Test
    void remembersNothingOfARefusedRequest() {
        UUID film = inventory.film(5, 100);
        Reply refused = customer.orderWithKey("\"mended\"", film, 0, 100, "pm_card_visa");

        Reply mended = customer.orderWithKey("\"mended\"", film, 1, 100, "pm_card_visa");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(mended.status()).isEqualTo(202);
    }

    @Test
    void takesAnExpiredKeyForANewOne() {
        UUID film = inventory.film(5, 100);
        Reply first = customer.orderWithKey("\"old\"", film, 1, 100, "pm_card_visa");
        jdbc.sql("UPDATE idempotency_keys SET expires_at = now() - interval '1 second' WHERE subject = :subject")
                .param("subject", customer.subject())
                .update();

        Reply later = customer.orderWithKey("\"old\"", film, 2, 100, "pm_card_visa");

        assertThat(later.status()).isEqualTo(202);
        assertThat(later.id()).isNotEqualTo(first.id());
    }

    @Test
    void tellsThatTheFirstRequestStillRuns() {
        UUID film = inventory.film(5, 100);

        Reply meanwhile = transaction.execute(status -> {
            jdbc.sql("""
                            INSERT INTO idempotency_keys (subject, route, key, fingerprint, expires_at)
                            VALUES (:subject, 'POST /api/orders', 'busy', 'x', now() + interval '1 hour')""").param("subject", customer.subject()).update();
            status.setRollbackOnly();
            return customer.orderWithKey("\"busy\"", film, 1, 100, "pm_card_visa");
        });
        Reply afterwards = customer.orderWithKey("\"busy\"", film, 1, 100, "pm_card_visa");

        assertThat(meanwhile.status()).isEqualTo(409);
        assertThat(meanwhile.problem()).isEqualTo("idempotency-key-in-use");
        assertThat(meanwhile.header("Retry-After")).isEqualTo("1");
        assertThat(afterwards.status()).isEqualTo(202);
    }

    @Test
    void makesOneOrderOfAHundredParallelRequests() throws Exception {
        UUID film = inventory.film(500, 100);

        List<Reply> replies;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(
                            () -> patiently(() -> customer.orderWithKey("\"storm\"", film, 1, 100, "pm_card_visa"))))
                    .toList();
            replies = new ArrayList<>();
            for (var future : futures) {
                replies.add(future.get());
            }
        }

        assertThat(replies).extracting(Reply::status).containsOnly(202);
        assertThat(replies)
                .extracting(Reply::body)
                .containsOnly(replies.getFirst().body());
        assertThat(replies)
                .filteredOn(reply -> reply.header("Idempotent-Replayed").isEmpty())
                .hasSize(1);
        assertThat(ordersOf(customer)).isEqualTo(1);
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

    /** Comes back as long as it is told to. */
    private static Reply patiently(Callable<Reply> request) {
        return await().atMost(Duration.ofMinutes(1)).pollInSameThread().until(request, reply -> reply.status() != 503);
    }

    private long ordersOf(BillingClient whose) {
        return jdbc.sql("SELECT count(*) FROM orders WHERE customer = :customer")
                .param("customer", whose.subject())
                .query(Long.class)
                .single();
    }
}
