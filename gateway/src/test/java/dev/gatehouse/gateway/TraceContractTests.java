package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import dev.gatehouse.gateway.Upstream.Seen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** One request, one trace, one line. */
@GatewayTest
@ExtendWith(OutputCaptureExtension.class)
class TraceContractTests {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @LocalServerPort
    private int port;

    @Test
    void continuesTheCallersTrace() {
        Reply reply = RawClient.exchange(
                port, "GET /api/films", "traceparent: " + PARENT, "tracestate: a=1", "tracestate: b=2");

        Seen seen = INVENTORY.next();
        assertThat(seen.all("traceparent")).containsExactly(PARENT);
        assertThat(seen.all("tracestate")).containsExactly("a=1,b=2");
        assertThat(reply.one("traceparent")).isEqualTo(PARENT);
    }

    @Test
    void readsLaterVersionsAsTheFirst() {
        RawClient.exchange(port, "GET /api/films", "traceparent: cc" + PARENT.substring(2) + "-more");

        assertThat(INVENTORY.next().all("traceparent")).containsExactly(PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                PARENT + "\r\ntraceparent: " + PARENT,
            })
    void startsATraceInPlaceOfAnInvalidOne(String parent) {
        Reply reply = RawClient.exchange(port, "GET /api/films", "traceparent: " + parent, "tracestate: a=1");

        Seen seen = INVENTORY.next();
        assertThat(seen.all("traceparent")).singleElement().asString().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(seen.all("traceparent").getFirst()).isNotEqualTo(PARENT);
        assertThat(seen.all("tracestate")).isEmpty();
        assertThat(reply.one("traceparent")).isEqualTo(seen.all("traceparent").getFirst());
    }

    @Test
    void keepsTheCallersRequestIdAndReturnsItOnce() {
        INVENTORY.answer(
                "/api/films",
                (seen, response) ->
                        response.header("X-Request-Id", "another").sendString(reactor.core.publisher.Mono.just("{}")));

        Reply reply = RawClient.exchange(port, "GET /api/films", "X-Request-Id: order-42-attempt-1");

        assertThat(INVENTORY.next().all("X-Request-Id")).containsExactly("order-42-attempt-1");
        assertThat(reply.one("X-Request-Id")).isEqualTo("order-42-attempt-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "with space and more", "a\"quote\"aaaa"})
    void replacesARequestIdThatCouldSpoilALog(String id) {
        RawClient.exchange(port, "GET /api/films", "X-Request-Id: " + id);

        assertThat(INVENTORY.next().all("X-Request-Id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{32}");
    }

    @Test
    void writesOneAccessLineWithoutSecrets(CapturedOutput output) {
        String token = TestStores.issuer().token("customer-77", "orders.read");

        RawClient.exchange(
                port,
                "GET /api/films/7?api_key=very-secret",
                "Authorization: Bearer " + token,
                "X-Request-Id: access-line-1");

        await().until(() -> output.getOut().contains("request=access-line-1"));
        String line = output.getOut()
                .lines()
                .filter(each -> each.contains("request=access-line-1"))
                .reduce((one, two) -> one + two)
                .orElseThrow();
        assertThat(line)
                .containsPattern("method=GET path=/api/films/7 status=200 ms=\\d+ subject=customer-77 "
                        + "request=access-line-1 trace=[0-9a-f]{32}$")
                .doesNotContain("very-secret", token);
    }

    @Test
    void writesTheAccessLineOfRefusalsToo(CapturedOutput output) {
        RawClient.exchange(port, "GET /api/films/{x}?key=very-secret", "X-Request-Id: access-line-2");
        RawClient.exchange(port, "GET /api/cart", "X-Request-Id: access-line-3");

        await().until(() -> output.getOut().contains("request=access-line-3"));
        assertThat(output.getOut())
                .containsPattern("path=/api/films/\\{x} status=400 ms=\\d+ subject=- request=access-line-2")
                .containsPattern("path=/api/cart status=401 ms=\\d+ subject=- request=access-line-3")
                .doesNotContain("very-secret");
    }
}
