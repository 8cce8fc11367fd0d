package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What is refused at the edge never reaches a service, whole or cut. */
@GatewayTest
class WireContractTests {

    private static final int MEBIBYTE = 1024 * 1024;

    @LocalServerPort
    private int port;

    private static String bearer() {
        return "Authorization: Bearer " + TestStores.issuer().token("manager-1", "catalogue.write");
    }

    private static byte[] chunk(int size) {
        byte[] head = (Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[head.length + size + 2];
        System.arraycopy(head, 0, chunk, 0, head.length);
        java.util.Arrays.fill(chunk, head.length, head.length + size, (byte) 'x');
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api//films",
                "//api/films",
                "/api/films/../orders",
                "/api/films/..",
                "/api/./films",
                "/api/films/%2e%2e/orders",
                "/api/films/.%2E/orders",
                "/api/films/%2e",
                "/api/films%2f..%2forders",
                "/api/films/a%2Fb",
                "/api/films/a%5cb",
                "/api/films;x=1",
                "/api/films/..;/orders",
                "/api/films/a%3bb",
                "/api/films/a%00b",
                "/api/films/a%0d%0ab",
                "/api/films/a%7f",
                "/api/films/%252e%252e/orders",
                "/api/films/%c0%af",
                "/api/films/%ff",
                "/api/films/%zz",
                "/api/films/%2",
                "/api/films\\..\\orders",
                "/api/films/{id}",
                "/api/films/a|b",
                "/api/films#part",
                "/api/films?q=%zz",
                "api/films",
                "*",
                "ftp://gateway.example/api/films",
                "mailto:x",
            })
    void refusesTargetsThatTwoPartsCouldReadDifferently(String target) {
        Reply reply = RawClient.exchange(port, "GET " + target);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.one("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.body()).contains("/problems/malformed-request");
        assertThat(INVENTORY.begun()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/films/a-b_c.d~e",
                "/api/films/caf%C3%A9",
                "/api/films/a%20b",
                "/api/films/...",
                "/api/films/.well",
                "/api/films/a:b@c!$&'()*+,=",
                "/api/films/",
            })
    void passesHarmlessPathsOnAsTheyAre(String target) {
        assertThat(RawClient.exchange(port, "GET " + target).status()).isEqualTo(200);

        assertThat(INVENTORY.next().target()).isEqualTo(target);
    }

    @Test
    void readsTheAbsoluteFormAsTheOriginForm() {
        Reply reply = RawClient.exchange(port, "GET http://other.example/api/films?x=1");

        assertThat(reply.status()).isEqualTo(200);
        Upstream.Seen seen = INVENTORY.next();
        assertThat(seen.target()).isEqualTo("/api/films?x=1");
        assertThat(seen.all("X-Forwarded-Host")).containsExactly("other.example");
    }

    @Test
    void refusesRequestsWithoutOrWithTwoHosts() {
        for (String hosts : new String[] {"", "Host: a.example\r\nHost: b.example\r\n"}) {
            try (RawClient client = RawClient.to(port)) {
                assertThat(client.send("GET /api/films HTTP/1.1\r\n" + hosts + "\r\n")
                                .reply()
                                .status())
                        .isEqualTo(400);
            }
        }
        assertThat(INVENTORY.begun()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT /api/films", "CONNECT gateway.example:443", "TRACE /api/films", "get /api/films"})
    void refusesMethodsThatMustNotPass(String requestLine) {
        Reply reply = RawClient.exchange(port, requestLine);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(INVENTORY.begun()).isZero();
    }

    @Test
    void neverUpgradesAConnection() {
        Reply reply = RawClient.exchange(
                port,
                "GET /api/films",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(INVENTORY.next().all("Upgrade")).isEmpty();
    }

    @Test
    void takesABodyOfExactlyTheLimit() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", bearer(), "Content-Length: " + MEBIBYTE));

            assertThat(client.send(new byte[MEBIBYTE]).reply().status()).isEqualTo(200);
        }
        assertThat(INVENTORY.next().body()).hasSize(MEBIBYTE);
    }

    @Test
    void refusesADeclaredBodyBeyondTheLimitBeforeTheServiceIsAsked() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", bearer(), "Content-Length: " + (MEBIBYTE + 1)));

            assertThat(client.reply().status()).isEqualTo(413);
        }
        assertThat(INVENTORY.begun()).isZero();
    }

    @Test
    void breaksOffAStreamedBodyBeyondTheLimit() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", bearer(), "Transfer-Encoding: chunked"));
            client.send(chunk(MEBIBYTE)).send(chunk(1)).send("0\r\n\r\n");

            assertThat(client.reply().status()).isEqualTo(413);
        }

        await().until(() -> INVENTORY.cut().contains("/api/films"));
        assertThat(INVENTORY.waiting()).isZero();
    }

    @Test
    void answersAClientThatSendsItsWholeBodyFirst() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", bearer(), "Content-Length: " + 8 * MEBIBYTE));
            client.send(new byte[8 * MEBIBYTE]);

            assertThat(client.reply().status()).isEqualTo(413);
            assertThat(client.send(RawClient.head("GET /api/films")).reply().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void dropsOnlySoMuchOfARefusedBody() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", "Transfer-Encoding: chunked"));
            assertThat(client.reply().status()).isEqualTo(401);
            byte[] chunk = chunk(MEBIBYTE);

            assertThat(sendUntilClosed(client, chunk, 40)).isLessThan(40);
        }
    }

    private static int sendUntilClosed(RawClient client, byte[] bytes, int most) {
        for (int sent = 0; sent < most; sent++) {
            try {
                client.send(bytes);
            } catch (java.io.UncheckedIOException closed) {
                return sent;
            }
        }
        return most;
    }

    @Test
    void letsTheImportTakeMore() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films/import", bearer(), "Transfer-Encoding: chunked"));
            for (int i = 0; i < 5; i++) {
                client.send(chunk(MEBIBYTE));
            }

            assertThat(client.send("0\r\n\r\n").reply().status()).isEqualTo(200);
        }
        assertThat(INVENTORY.next().body()).hasSize(5 * MEBIBYTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc\r\n", "-1\r\n", "99999999999999999999\r\n"})
    void neverCompletesARequestWhoseBodyIsMalformed(String rest) {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", bearer(), "Transfer-Encoding: chunked"));
            client.send("3\r\nabc\r\n");
            await().until(() -> INVENTORY.begun() == 1);
            client.send(rest);

            Reply reply = client.reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).contains("/problems/malformed-request");
            assertThat(client.upToClose()).isEmpty();
        }
        await().until(() -> INVENTORY.cut().contains("/api/films"));
        assertThat(INVENTORY.waiting()).isZero();
    }

    @Test
    void neverCompletesARequestWhoseClientLeaves() {
        try (RawClient client = RawClient.to(port)) {
            client.send(RawClient.head("POST /api/films", bearer(), "Content-Length: 10"));
            client.send("abc");
            await().until(() -> INVENTORY.begun() == 1);
        }

        await().atMost(Duration.ofSeconds(5)).until(() -> INVENTORY.cut().contains("/api/films"));
        assertThat(INVENTORY.waiting()).isZero();
    }

    @Test
    void limitsTheNumberOfHeaders() {
        String[] headers = new String[101];
        java.util.Arrays.setAll(headers, n -> "X-H" + n + ": 1");

        assertThat(RawClient.exchange(port, "GET /api/films", headers).status()).isEqualTo(431);
    }

    @Test
    void passesATargetOfExactlyTheLimit() {
        String target = "/api/films?q=" + "a".repeat(8_192 - "/api/films?q=".length());

        assertThat(RawClient.exchange(port, "GET " + target).status()).isEqualTo(200);
        assertThat(INVENTORY.next().target()).hasSize(8_192);
    }

    @Test
    void sendsSecurityHeadersAndNoProductNames() {
        INVENTORY.answer(
                "/api/films",
                (seen, response) -> response.header("Server", "Own/1.0")
                        .header("X-Powered-By", "Own")
                        .header("X-Frame-Options", "SAMEORIGIN")
                        .sendString(reactor.core.publisher.Mono.just("{}")));

        Reply reply = RawClient.exchange(port, "GET /api/films");

        assertThat(reply.one("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.one("X-Frame-Options")).isEqualTo("DENY");
        assertThat(reply.one("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(reply.one("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(reply.one("Content-Security-Policy")).isEqualTo("default-src 'none'; frame-ancestors 'none'");
        assertThat(reply.all("Server")).isEmpty();
        assertThat(reply.all("X-Powered-By")).isEmpty();
    }
}
