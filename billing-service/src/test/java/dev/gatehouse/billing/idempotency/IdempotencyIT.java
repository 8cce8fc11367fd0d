package dev.gatehouse.billing.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gatehouse.billing.AnotherInstance;
import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.stores.TestStores;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What docs/idempotency.md promises, one test for each number of the list that it is held against (K18: the gateway). */
@BillingIntegrationTest
class IdempotencyIT {

    private static final String SPECIFICATION = "<https://gatehouse.dev/docs/idempotency>; rel=\"describedby\"";

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    IdempotentRequests requests;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    BillingClient customer;
    UUID film;

    @BeforeEach
    void meetANewCustomer() {
        customer = BillingClient.customer(port);
        film = inventory.film(500, 100);
    }

    @Test
    @DisplayName("K1: refuses a key that is not one quoted string")
    void refusesAKeyThatIsNotOneQuotedString() {
        String body = BillingClient.body(film, 1, 100, "pm_card_visa");

        Reply bare = customer.post("/api/orders", body, "Idempotency-Key", "abc");
        Reply twice = customer.post("/api/orders", body, "Idempotency-Key", "\"a\"", "Idempotency-Key", "\"b\"");
        Reply long256 = order("\"" + "k".repeat(256) + "\"", 1);

        assertThat(Stream.of(bare, twice, long256)).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.problem()).isEqualTo("idempotency-key-malformed");
            assertThat(reply.header("Link")).isEqualTo(SPECIFICATION);
        });
        assertThat(bare.json().path("detail").asString()).contains("\"6f1c0f8e-9a55-4d3c-8f0e-3f8a1e8f6b7d\"");
        assertThat(order("\"" + "k".repeat(255) + "\"", 1).status()).isEqualTo(202);
    }

    @Test
    @DisplayName("K2: never lets a key stand for two different orders")
    void neverLetsAKeyStandForTwoOrders() {
        order("\"one\"", 1);

        order("\"one\"", 2);
        customer.post(
                "/api/orders", BillingClient.body(film, 1, 100, "pm_card_mastercard"), "Idempotency-Key", "\"one\"");
        customer.post("/api/orders", BillingClient.body(film, 1, 101, "pm_card_visa"), "Idempotency-Key", "\"one\"");

        assertThat(orders()).isEqualTo(1);
    }

    @Test
    @DisplayName("K3: publishes the specification with the time keys are kept, which is the time they are kept")
    void publishesTheSpecificationWithTheExpiry() {
        var placing = customer.get("/v3/api-docs").json().at("/paths/~1api~1orders/post");
        order("\"kept\"", 1);

        assertThat(placing.at("/externalDocs/url").asString()).isEqualTo("https://gatehouse.dev/docs/idempotency");
        assertThat(placing.path("description").asString()).contains("forgotten 24 hours after their first use");
        assertThat(jdbc.sql("SELECT expires_at - created_at = interval '24 hours' FROM idempotency_keys"
                                + " WHERE subject = :subject")
                        .param("subject", customer.subject())
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    @DisplayName("K4: compares contents, not spellings")
    void comparesContentsNotSpellings() {
        Reply first = order("\"spelled\"", 1);

        Reply again = customer.post(
                "/api/orders",
                BillingClient.body(film, 1, 100, "pm_card_visa").replace(" ", "   "),
                "Idempotency-Key",
                "\"spelled\"");

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(order("\"spelled\"", 2).status()).isEqualTo(422);
    }

    @Test
    @DisplayName("K5: carries the first request out")
    void carriesTheFirstRequestOut() {
        Reply first = order("\"first\"", 1);

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(customer.get(first.header("Location")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("K6: answers a repetition as the first time, after success and after failure")
    void answersARepetitionAsTheFirstTime() {
        Reply accepted = order("\"again\"", 1);
        customer.get("/api/orders/" + accepted.id(), "Prefer", "wait=30");
        Reply acceptedAgain = order("\"again\"", 1);
        Reply sold = customer.orderWithKey("\"sold\"", film, 1, 100, "pm_card_visa", "Prefer", "wait=30");
        Reply soldAgain = customer.orderWithKey("\"sold\"", film, 1, 100, "pm_card_visa", "Prefer", "wait=30");
        Reply failed = customer.orderWithKey("\"dear\"", film, 1, 99, "pm_card_visa", "Prefer", "wait=30");
        Reply failedAgain = customer.orderWithKey("\"dear\"", film, 1, 99, "pm_card_visa", "Prefer", "wait=30");

        assertThat(sold.state()).isEqualTo("CONFIRMED");
        assertThat(sold.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(failed.state()).isEqualTo("REJECTED");
        for (Reply[] pair : new Reply[][] {{accepted, acceptedAgain}, {sold, soldAgain}, {failed, failedAgain}}) {
            assertThat(pair[1].status()).isEqualTo(pair[0].status());
            assertThat(pair[1].body()).isEqualTo(pair[0].body());
            assertThat(pair[1].header("Location")).isEqualTo(pair[0].header("Location"));
        }
        assertThat(orders()).isEqualTo(3);
    }

    @Test
    @DisplayName("K7: answers 409 while the first request is still running")
    void answers409WhileTheFirstRequestIsRunning() {
        Reply meanwhile = whileBusy(() -> order("\"busy\"", 1));

        assertThat(meanwhile.status()).isEqualTo(409);
        assertThat(meanwhile.problem()).isEqualTo("idempotency-key-in-use");
        assertThat(meanwhile.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(meanwhile.header("Retry-After")).isEqualTo("1");
    }

    @Test
    @DisplayName("K8: asks for the key that is missing and links the specification")
    void asksForTheKeyThatIsMissing() {
        Reply missing = customer.post("/api/orders", BillingClient.body(film, 1, 100, "pm_card_visa"));

        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.problem()).isEqualTo("idempotency-key-missing");
        assertThat(missing.header("Link")).isEqualTo(SPECIFICATION);
        assertThat(orders()).isZero();
    }

    @Test
    @DisplayName("K9: answers 422 to a key with other content and links the specification")
    void answers422ToAKeyWithOtherContent() {
        order("\"reused\"", 1);

        Reply other = order("\"reused\"", 2);

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        assertThat(other.header("Link")).isEqualTo(SPECIFICATION);
    }

    @Test
    @DisplayName("K10: takes what was mended after 400 and 422, and the same again after 409")
    void takesWhatWasMendedAndTheSameAfterAConflict() {
        Reply wrong = order("\"mended\"", 0);
        Reply mended = order("\"mended\"", 1);
        Reply reused = order("\"mended\"", 2);
        Reply renamed = order("\"renamed\"", 2);
        Reply early = whileBusy(() -> order("\"busy\"", 1));
        Reply later = order("\"busy\"", 1);

        assertThat(List.of(wrong.status(), mended.status())).containsExactly(400, 202);
        assertThat(List.of(reused.status(), renamed.status())).containsExactly(422, 202);
        assertThat(List.of(early.status(), later.status())).containsExactly(409, 202);
    }

    @Test
    @DisplayName("K11: keeps the keys of callers apart")
    void keepsTheKeysOfCallersApart() {
        BillingClient other = BillingClient.customer(port);

        Reply one = order("\"shared\"", 1);
        Reply two = other.orderWithKey("\"shared\"", film, 1, 100, "pm_card_visa");

        assertThat(two.status()).isEqualTo(202);
        assertThat(two.header("Idempotent-Replayed")).isEmpty();
        assertThat(two.id()).isNotEqualTo(one.id());
        assertThat(two.body()).doesNotContain(customer.subject());
    }

    @Test
    @DisplayName("K12: makes one order of a hundred parallel requests")
    void makesOneOrderOfAHundredParallelRequests() throws Exception {
        List<Reply> replies = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> patiently(() -> order("\"storm\"", 1))))
                    .toList();
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
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    @DisplayName("K13: answers the repetition of a request whose answer was lost after its commit")
    void answersTheRepetitionOfARequestWhoseAnswerWasLost() throws Exception {
        String body = BillingClient.body(film, 1, 100, "pm_card_visa");
        String head = "POST /api/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer "
                + TestStores.issuer().token(customer.subject(), "orders.write", "orders.read")
                + "\r\nIdempotency-Key: \"lost\"\r\nContent-Length: " + body.length() + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(30)).until(() -> orders() == 1);
            // Closed with a reset: nobody ever reads the answer.
            socket.setSoLinger(true, 0);
        }

        Reply again = order("\"lost\"", 1);

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(orders()).isEqualTo(1);
        assertThat(again.id())
                .isEqualTo(jdbc.sql("SELECT id FROM orders WHERE customer = :customer")
                        .param("customer", customer.subject())
                        .query(UUID.class)
                        .single());
    }

    @Test
    @DisplayName("K14: knows the key at another instance, after a restart, and without the cache")
    void knowsTheKeyAfterARestartAndWithoutTheCache() {
        assumeFalse("containers".equals(System.getenv("STORES")), "The devstack's cache has the switch");
        Reply first = order("\"durable\"", 1);

        TestStores.redis().stop();
        try (AnotherInstance restarted = AnotherInstance.start()) {
            Reply again = BillingClient.of(restarted.port(), customer.subject(), "orders.read", "orders.write")
                    .orderWithKey("\"durable\"", film, 1, 100, "pm_card_visa");

            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        } finally {
            TestStores.redis().start();
        }
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    @DisplayName("K15: takes an expired key for a new one, swept or not, and sweeps no other")
    void takesAnExpiredKeyForANewOneAndSweepsNoOther() {
        Reply first = order("\"old\"", 1);
        order("\"fresh\"", 1);
        expire("old");
        Reply unswept = order("\"old\"", 2);
        expire("old");

        requests.sweep();

        assertThat(jdbc.sql("SELECT key FROM idempotency_keys WHERE subject = :subject")
                        .param("subject", customer.subject())
                        .query(String.class)
                        .list())
                .containsExactly("fresh");
        Reply swept = order("\"old\"", 1);
        assertThat(Stream.of(first, unswept, swept).map(Reply::id)).doesNotHaveDuplicates();
        assertThat(swept.header("Idempotent-Replayed")).isEmpty();
    }

    @Test
    @DisplayName("K16: marks a repetition's answer, and no other")
    void marksARepetitionsAnswer() {
        Reply first = order("\"marked\"", 1);
        Reply again = order("\"marked\"", 1);

        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    @DisplayName("K17: keeps methods and paths apart")
    void keepsMethodsAndPathsApart() {
        var key = new IdempotencyKey("k");
        var here = IdempotentRequest.of(customer.subject(), "POST /api/orders", key, "{}");
        var elsewhere = IdempotentRequest.of(customer.subject(), "POST /api/elsewhere", key, "{}");
        var otherwise = IdempotentRequest.of(customer.subject(), "PUT /api/orders", key, "{}");

        for (IdempotentRequest request : List.of(here, elsewhere, otherwise)) {
            Answer answer = requests.once(request, () -> new Answer(200, java.util.Map.of(), request.route()));
            assertThat(answer.replayed()).isFalse();
        }

        assertThat(requests.replay(elsewhere).orElseThrow().body()).isEqualTo("POST /api/elsewhere");
        assertThat(Stream.of(here, elsewhere, otherwise).map(IdempotentRequest::fingerprint))
                .doesNotHaveDuplicates();
    }

    private Reply order(String key, int quantity) {
        return customer.orderWithKey(key, film, quantity, 100, "pm_card_visa");
    }

    /** Runs while another transaction, not ended yet, has the key "busy". */
    private Reply whileBusy(Callable<Reply> request) {
        return transaction.execute(status -> {
            jdbc.sql("""
                            INSERT INTO idempotency_keys (subject, route, key, fingerprint, expires_at)
                            VALUES (:subject, 'POST /api/orders', 'busy', 'x', now() + interval '1 hour')""").param("subject", customer.subject()).update();
            status.setRollbackOnly();
            try {
                return request.call();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    private void expire(String key) {
        jdbc.sql("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'"
                        + " WHERE subject = :subject AND key = :key")
                .param("subject", customer.subject())
                .param("key", key)
                .update();
    }

    /** Comes back as long as it is told to. */
    private static Reply patiently(Callable<Reply> request) {
        return await().atMost(Duration.ofMinutes(1)).pollInSameThread().until(request, reply -> reply.status() != 503);
    }

    private long orders() {
        return jdbc.sql("SELECT count(*) FROM orders WHERE customer = :customer")
                .param("customer", customer.subject())
                .query(Long.class)
                .single();
    }
}
