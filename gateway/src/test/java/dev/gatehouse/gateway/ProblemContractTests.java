package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.ALLOWED_ORIGIN;
import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every error of the gateway's own: one shape, readable by an allowed page, and nothing of the inside in it. */
@GatewayTest
class ProblemContractTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ORIGIN = "Origin: " + ALLOWED_ORIGIN;
    private static final BrokenService BROKEN = new BrokenService();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void brokenBilling(DynamicPropertyRegistry registry) {
        registry.add("GATEWAY_BILLING_URL", () -> "http://127.0.0.1:" + BROKEN.port());
    }

    @BeforeEach
    void serveAgain() {
        BROKEN.answerWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    }

    private Reply webhook() {
        return RawClient.exchange(port, "POST /api/webhooks/payments", ORIGIN, "Content-Length: 0");
    }

    private static JsonNode assertProblem(Reply reply, int status, String slug) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.one("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.one("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.one("Access-Control-Allow-Origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(reply.one("Vary")).isEqualTo("Origin");
        assertThat(reply.one("X-Content-Type-Options")).isEqualTo("nosniff");
        JsonNode problem = JSON.readTree(reply.body());
        assertThat(problem.path("type").asString()).isEqualTo("https://gatehouse.dev/problems/" + slug);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(reply.one("traceparent"))
                .contains(problem.path("traceId").asString())
                .hasSize(55);
        assertThat(reply.body())
                .doesNotContain("127.0.0.1", String.valueOf(BROKEN.port()), "Exception", "java.", "netty");
        return problem;
    }

    @Test
    void answers404WhereNoRouteLeads() {
        JsonNode problem = assertProblem(RawClient.exchange(port, "GET /nowhere?x=1", ORIGIN), 404, "not-found");

        assertThat(problem.path("instance").asString()).isEqualTo("/nowhere");
    }

    @Test
    void answers401WithoutAToken() {
        Reply reply = RawClient.exchange(port, "GET /api/cart", ORIGIN);

        assertProblem(reply, 401, "unauthenticated");
        assertThat(reply.one("WWW-Authenticate")).isEqualTo("Bearer realm=\"gatehouse\"");
    }

    @Test
    void answers401ToABadToken() {
        Reply reply = RawClient.exchange(port, "GET /api/films", ORIGIN, "Authorization: Bearer nonsense");

        assertProblem(reply, 401, "unauthenticated");
        assertThat(reply.one("WWW-Authenticate")).isEqualTo("Bearer realm=\"gatehouse\", error=\"invalid_token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE /api/films", "PURGE /api/films", "POST /api-docs", "POST /swagger-ui/index.html"})
    void answers405ToMethodsItDoesNotPassOn(String requestLine) {
        Reply reply = RawClient.exchange(port, requestLine, ORIGIN, "Content-Length: 0");

        assertProblem(reply, 405, "method-not-allowed");
        assertThat(reply.elements("Allow")).contains("GET");
    }

    @Test
    void answers400ToAnAmbiguousPath() {
        assertProblem(RawClient.exchange(port, "GET /api/films/../orders", ORIGIN), 400, "malformed-request");
    }

    @Test
    void answers413ToALargeBody() {
        Reply reply = RawClient.exchange(port, "POST /api/webhooks/x", ORIGIN, "Content-Length: 1048577");

        assertProblem(reply, 413, "payload-too-large");
    }

    @ParameterizedTest
    @ValueSource(ints = {8_193, 15_000})
    void answers414ToALongTarget(int length) {
        Reply reply = RawClient.exchange(port, "GET /" + "a".repeat(length - 1), ORIGIN);

        assertProblem(reply, 414, "uri-too-long");
    }

    @ParameterizedTest
    @ValueSource(ints = {17_000, 60_000, 200_000})
    void answers431ToLargeHeaders(int length) {
        Reply reply =
                RawClient.exchange(port, "GET /api/films", ORIGIN, "Accept: */*", "X-Large: " + "a".repeat(length));

        assertProblem(reply, 431, "headers-too-large");
    }

    @Test
    void answers500ToADefectOfItsOwnWithoutTellingWhich() {
        Reply reply = RawClient.exchange(port, "GET /api/films", ORIGIN, FailingFilter.TRIGGER + ": 1");

        assertProblem(reply, 500, "internal-error");
        assertThat(reply.body()).doesNotContain(FailingFilter.SECRET);
    }

    @Test
    void answers502WhenTheServiceClosesWithoutAnAnswer() {
        BROKEN.answerWith("");

        assertProblem(webhook(), 502, "bad-gateway");
    }

    @Test
    void answers502WhenTheServiceResetsTheConnection() {
        BROKEN.resetConnections();

        assertProblem(webhook(), 502, "bad-gateway");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/1.1 999999 Odd\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void answers502WhenTheServiceDoesNotSpeakHttp(String answer) {
        BROKEN.answerWith(answer);

        assertProblem(webhook(), 502, "bad-gateway");
    }

    @Test
    void answers502WhenTheBodyBreaksOffBeforeItsFirstByte() {
        BROKEN.answerWith("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-From: service\r\n\r\n");

        Reply reply = webhook();

        assertProblem(reply, 502, "bad-gateway");
        assertThat(reply.all("X-From")).isEmpty();
    }

    @Test
    void showsACutBodyAsCutWhenItBreaksOffLater() throws IOException {
        BROKEN.answerWith("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/webhooks/payments", "Content-Length: 0"));
            while (!client.line().isEmpty()) {}

            assertThat(client.upToClose()).hasSizeLessThan(10);
        }
    }

    @Test
    void answers504WhenTheServiceIsLate() {
        INVENTORY.answer("/api/films", (seen, response) -> Mono.never());

        assertProblem(RawClient.exchange(port, "GET /api/films", ORIGIN), 504, "gateway-timeout");
    }

    @Test
    void goesOnServingAfterAFailure() {
        BROKEN.answerWith("");
        webhook();
        BROKEN.answerWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(webhook().status()).isEqualTo(200);
    }

    /** Reads a request head and sends fixed bytes, then closes. */
    private static final class BrokenService {

        private final ServerSocket listener;
        private final AtomicReference<String> answer = new AtomicReference<>("");
        private volatile boolean reset;

        BrokenService() {
            try {
                listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return listener.getLocalPort();
        }

        void answerWith(String bytes) {
            reset = false;
            answer.set(bytes);
        }

        void resetConnections() {
            reset = true;
        }

        private void serve() {
            while (true) {
                try (Socket socket = listener.accept()) {
                    int newlines = 0;
                    for (int c = socket.getInputStream().read();
                            c >= 0;
                            c = socket.getInputStream().read()) {
                        newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
                        if (newlines == 2) {
                            break;
                        }
                    }
                    if (reset) {
                        socket.setSoLinger(true, 0);
                    } else {
                        socket.getOutputStream().write(answer.get().getBytes(StandardCharsets.ISO_8859_1));
                    }
                } catch (IOException e) {
                    if (listener.isClosed()) {
                        return;
                    }
                }
            }
        }
    }
}
