package dev.gatehouse.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.e2e.Gatehouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What {@code fetch} lets the pages of other origins read. */
class CrossOriginBrowserIT {

    private static final Chromium CHROMIUM = new Chromium();

    private static final String READ = """
            async (url) => {
              try {
                const response = await fetch(url);
                const body = await response.json();
                return 'read ' + response.status + ' ' + body.items.length;
              } catch (error) { return 'refused'; }
            }""";

    private static final String WRITE = """
            async ([url, token]) => {
              try {
                const response = await fetch(url, {
                  method: 'PUT',
                  headers: {'Authorization': 'Bearer ' + token, 'Content-Type': 'application/json'},
                  body: JSON.stringify({quantity: 1}),
                });
                return 'read ' + response.status;
              } catch (error) { return 'refused'; }
            }""";

    private static final String READ_PROBLEM = """
            async (url) => {
              try {
                const response = await fetch(url);
                const body = await response.json();
                return 'read ' + response.status + ' ' + body.type;
              } catch (error) { return 'refused'; }
            }""";

    @AfterAll
    static void closeChromium() {
        CHROMIUM.close();
    }

    @Test
    void pageOfAnAllowedOriginReadsTheCatalogue() {
        assertThat(in(Gatehouse.ALLOWED_ORIGIN_PORT, READ, Gatehouse.gateway() + "/api/films?limit=2"))
                .isEqualTo("read 200 2");
    }

    @Test
    void pageOfAnAllowedOriginChangesTheCartWithAToken() {
        String film = Gatehouse.anyone().get("/api/films?limit=1").read("$.items[0].id");

        List<String> request = List.of(Gatehouse.gateway() + "/api/cart/items/" + film, Gatehouse.customerToken());

        // A busy machine may answer 503 with Retry-After to the first; the page can read that too and asks again.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> in(Gatehouse.ALLOWED_ORIGIN_PORT, WRITE, request), "read 200"::equals);
    }

    @Test
    void pageOfAnAllowedOriginReadsTheGatewaysOwnErrors() {
        assertThat(in(Gatehouse.ALLOWED_ORIGIN_PORT, READ_PROBLEM, Gatehouse.gateway() + "/api/orders"))
                .isEqualTo("read 401 https://gatehouse.dev/problems/unauthenticated");
        assertThat(in(Gatehouse.ALLOWED_ORIGIN_PORT, READ_PROBLEM, Gatehouse.gateway() + "/no/such/route"))
                .isEqualTo("read 404 https://gatehouse.dev/problems/not-found");
    }

    @Test
    void pageOfADisallowedOriginReadsNothing() {
        String film = Gatehouse.anyone().get("/api/films?limit=1").read("$.items[0].id");

        assertThat(in(0, READ, Gatehouse.gateway() + "/api/films?limit=2")).isEqualTo("refused");
        assertThat(in(0, WRITE, List.of(Gatehouse.gateway() + "/api/cart/items/" + film, Gatehouse.customerToken())))
                .isEqualTo("refused");
    }

    /** Runs the script in a page served from a loopback port (0: any free one, so never an allowed origin). */
    private static Object in(int port, String script, Object argument) {
        HttpServer site = serve(port);
        try (BrowserContext profile = CHROMIUM.profile()) {
            Page page = profile.newPage();
            page.navigate("http://127.0.0.1:" + site.getAddress().getPort() + "/");
            return page.evaluate(script, argument);
        } finally {
            site.stop(0);
        }
    }

    private static HttpServer serve(int port) {
        try {
            HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            site.createContext("/", exchange -> {
                byte[] body = "<!doctype html><title>Another site</title>".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().putAll(Map.of("Content-Type", List.of("text/html")));
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            site.start();
            return site;
        } catch (IOException e) {
            throw new IllegalStateException("cannot serve a page on port " + port, e);
        }
    }
}
