package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.BILLING;
import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import dev.gatehouse.gateway.Upstream.Answer;
import dev.gatehouse.gateway.Upstream.Seen;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Mono;

@GatewayTest
@TestPropertySource(properties = {"gateway.retry.reserve=1000", "gateway.retry.pause=2ms"})
class RetryContractTests {

    private static final Answer CLOSE =
            (seen, response) -> Mono.fromRunnable(() -> response.withConnection(connection -> connection.dispose()));
    private static final Answer TURN_AWAY =
            (seen, response) -> response.status(503).send();

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void repeatsAnIdempotentRequestWhoseConnectionEndsWithoutAnAnswer(String method) {
        failing(INVENTORY, "/api/films/7", 1, CLOSE);

        Reply reply = RawClient.exchange(port, method + " /api/films/7", bearer(), "Content-Length: 0");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("served");
        assertThat(INVENTORY.begun()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void repeatsAPostWithAKeyByteForByte(int failures) {
        failing(BILLING, "/api/orders", failures, failures == 1 ? CLOSE : TURN_AWAY);

        Reply reply = post("{\"lines\": []}", "Idempotency-Key: \"k-1\"");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(BILLING.begun()).isEqualTo(failures + 1);
        for (int i = 0; i <= failures; i++) {
            Seen seen = BILLING.next();
            assertThat(seen.text()).isEqualTo("{\"lines\": []}");
            assertThat(seen.all("Idempotency-Key")).containsExactly("\"k-1\"");
        }
    }

    @Test
    void givesUpAfterTwoRepeats() {
        BILLING.answer("/api/orders", CLOSE);

        Reply reply = post("{}", "Idempotency-Key: \"k-2\"");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(BILLING.begun()).isEqualTo(3);
    }

    @Test
    void givesUpAfterTwoRepeatsHoweverTheyFail() {
        AtomicInteger requests = new AtomicInteger();
        BILLING.answer(
                "/api/orders",
                (seen, response) -> (requests.getAndIncrement() == 0 ? TURN_AWAY : CLOSE).apply(seen, response));

        Reply reply = post("{}", "Idempotency-Key: \"k-4\"");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(BILLING.begun()).isEqualTo(3);
    }

    @Test
    void passesOnTheLastAnswerOfAServiceThatKeepsTurningRequestsAway() {
        INVENTORY.answer("/api/films/8", TURN_AWAY);

        Reply reply = RawClient.exchange(port, "GET /api/films/8");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(INVENTORY.begun()).isEqualTo(3);
    }

    @Test
    void doesNotRepeatWhatAServiceSaysToRepeatLater() {
        INVENTORY.answer(
                "/api/films/9",
                (seen, response) ->
                        response.status(503).header("Retry-After", "7").send());

        Reply reply = RawClient.exchange(port, "GET /api/films/9");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.all("Retry-After")).containsExactly("7");
        assertThat(INVENTORY.begun()).isEqualTo(1);
    }

    @Test
    void doesNotRepeatWhatWasLate() {
        INVENTORY.answer("/api/films/10", (seen, response) -> Mono.never());

        Reply reply = RawClient.exchange(port, "GET /api/films/10");

        assertThat(reply.status()).isEqualTo(504);
        assertThat(INVENTORY.begun()).isEqualTo(1);
    }

    @Test
    void doesNotRepeatWhatIsTooLargeToKeep() {
        BILLING.answer("/api/orders", CLOSE);

        Reply reply = post("x".repeat(64 * 1024 + 1), "Idempotency-Key: \"k-3\"");

        assertThat(reply.status()).isEqualTo(502);
        assertThat(BILLING.begun()).isEqualTo(1);
    }

    private Reply post(String body, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = bearer();
        all[1] = "Content-Length: " + body.length();
        System.arraycopy(headers, 0, all, 2, headers.length);
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/orders", all) + body);
            return client.reply();
        }
    }

    private static void failing(Upstream service, String path, int times, Answer failure) {
        AtomicInteger failures = new AtomicInteger();
        service.answer(
                path,
                (seen, response) -> failures.getAndIncrement() < times
                        ? failure.apply(seen, response)
                        : response.status(200).sendString(Mono.just("served")));
    }

    private static String bearer() {
        return "Authorization: Bearer " + TestStores.issuer().token("customer-1", "orders.read", "orders.write");
    }
}
