package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.core.publisher.Mono;

/** Swagger UI at exactly /api-docs. */
@GatewayTest
class ApiDocsContractTests {

    // Nothing listens there.
    private static final String AWAY = "http://127.0.0.1:1";

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void billingIsDown(DynamicPropertyRegistry registry) {
        registry.add("GATEWAY_BILLING_URL", () -> AWAY);
        registry.add("GATEWAY_OAUTH_CLIENT_ID", () -> "the-page");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api-docs", "/api-docs/"})
    void leadsToThePage(String path) {
        Reply redirect = RawClient.exchange(port, "GET " + path);
        Reply page = RawClient.exchange(port, "GET " + redirect.one("Location"));

        assertThat(redirect.status()).isEqualTo(302);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.one("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("swagger-initializer.js");
    }

    @Test
    void servesNothingBelowApiDocs() {
        assertThat(RawClient.exchange(port, "GET /api-docs/other").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "swagger-ui-bundle.js",
                "swagger-ui-standalone-preset.js",
                "swagger-ui.css",
                "oauth2-redirect.html",
                "oauth2-redirect.js"
            })
    void servesWhatThePageLoads(String file) {
        assertThat(RawClient.exchange(port, "HEAD /swagger-ui/" + file).status())
                .isEqualTo(200);
    }

    @Test
    void listsBothServicesAndLogsInWithPkce() {
        String script = RawClient.exchange(port, "GET /swagger-ui/swagger-initializer.js")
                .body();

        assertThat(script)
                .contains("{\"name\":\"inventory\",\"url\":\"/openapi/inventory\"}")
                .contains("{\"name\":\"billing\",\"url\":\"/openapi/billing\"}")
                .contains("\"clientId\":\"the-page\"")
                .contains("\"usePkceWithAuthorizationCodeGrant\":true")
                .doesNotContain("petstore");
    }

    @Test
    void letsThePageLoadOwnScriptsAndFetchTokensOnly() {
        Reply page = RawClient.exchange(port, "GET /swagger-ui/index.html");

        assertThat(page.one("Content-Security-Policy").split("; "))
                .contains(
                        "default-src 'self'",
                        "script-src 'self'",
                        "connect-src 'self' " + TestStores.issuer().issuerUri(),
                        "frame-ancestors 'none'");
    }

    @Test
    void answersAnUnchangedFileWith304() {
        String modified =
                RawClient.exchange(port, "HEAD /swagger-ui/swagger-ui.css").one("Last-Modified");

        assertThat(RawClient.exchange(port, "GET /swagger-ui/swagger-ui.css", "If-Modified-Since: " + modified)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void showsTheOtherDocumentWhileOneServiceIsDown() {
        INVENTORY.answer("/v3/api-docs", (seen, response) -> response.sendString(Mono.just("{\"openapi\":\"3.1.0\"}")));

        Reply there = RawClient.exchange(port, "GET /openapi/inventory");
        Reply away = RawClient.exchange(port, "GET /openapi/billing");
        Reply page = RawClient.exchange(port, "GET /swagger-ui/index.html");

        assertThat(there.body()).isEqualTo("{\"openapi\":\"3.1.0\"}");
        assertThat(away.status()).isEqualTo(502);
        assertThat(away.one("Content-Type")).isEqualTo("application/problem+json");
        assertThat(away.body()).doesNotContain("127.0.0.1");
        assertThat(page.status()).isEqualTo(200);
    }
}
