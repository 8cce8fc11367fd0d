package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.ALLOWED_ORIGIN;
import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import reactor.core.publisher.Mono;

/** The Fetch standard's CORS protocol as a page meets it; numbers are those of the project's requirement list. */
@GatewayTest
class CorsContractTests {

    private static final String ORIGIN = "Origin: " + ALLOWED_ORIGIN;

    @LocalServerPort
    private int port;

    private Reply preflight(String path, String... headers) {
        return RawClient.exchange(port, "OPTIONS " + path, headers);
    }

    private static void assertGrantsNothing(Reply reply) {
        assertThat(reply.headers())
                .noneMatch(header -> header.getKey().toLowerCase(Locale.ROOT).startsWith("access-control-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/films", "/api/orders", "/nowhere", "/api-docs"})
    void answersPreflightsOfAllowedOriginsItselfWithoutAToken(String path) {
        Reply reply = preflight(
                path,
                ORIGIN,
                "Access-Control-Request-Method: PATCH",
                "Access-Control-Request-Headers: authorization,content-type,idempotency-key,if-match,if-none-match,"
                        + "last-event-id,prefer");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.one("Access-Control-Allow-Origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(reply.elements("Access-Control-Allow-Methods")).contains("PATCH", "PUT", "DELETE");
        assertThat(reply.elements("Access-Control-Allow-Headers"))
                .contains(
                        "authorization",
                        "content-type",
                        "idempotency-key",
                        "if-match",
                        "if-none-match",
                        "last-event-id",
                        "prefer");
        assertThat(reply.one("Access-Control-Max-Age")).isEqualTo("7200");
        assertThat(reply.all("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(reply.elements("Vary"))
                .containsExactly("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
        assertThat(INVENTORY.begun()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Access-Control-Request-Headers:",
                "Access-Control-Request-Headers: Authorization , ,\tContent-Type",
                "Access-Control-Request-Headers: authorization\r\nAccess-Control-Request-Headers: prefer",
                "X-Nothing: 1"
            })
    void toleratesEveryLegalFormOfRequestedHeaders(String line) {
        assertThat(preflight("/api/films", ORIGIN, "Access-Control-Request-Method: GET", line)
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://evil.example | GET | authorization",
                "null | GET | authorization",
                "https://shop.example | patch | authorization",
                "https://shop.example | TRACE | authorization",
                "https://shop.example | GET | x-other",
                "https://shop.example | GET | authorization,x-other",
            })
    void refusesPreflightsOutsideThePolicyAndGrantsNothing(String origin, String method, String headers) {
        Reply reply = preflight(
                "/api/films",
                "Origin: " + origin,
                "Access-Control-Request-Method: " + method,
                "Access-Control-Request-Headers: " + headers);

        assertThat(reply.status()).isEqualTo(403);
        assertGrantsNothing(reply);
        assertThat(reply.elements("Vary")).contains("Origin");
        assertThat(INVENTORY.begun()).isZero();
    }

    @Test
    void boundsTheWorkForOnePreflight() {
        String names = IntStream.range(0, 65).mapToObj(n -> "prefer").collect(Collectors.joining(","));

        assertThat(preflight(
                                "/api/films",
                                ORIGIN,
                                "Access-Control-Request-Method: GET",
                                "Access-Control-Request-Headers: " + names)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void passesOptionsThatAreNoPreflightOn() {
        String token = "Authorization: Bearer " + TestStores.issuer().token("customer-1");

        RawClient.exchange(port, "OPTIONS /api/films", ORIGIN, token);
        RawClient.exchange(port, "OPTIONS /api/films", "Access-Control-Request-Method: GET", token);

        assertThat(INVENTORY.next().method()).isEqualTo("OPTIONS");
        assertThat(INVENTORY.next().method()).isEqualTo("OPTIONS");
    }

    @Test
    void letsAllowedPagesReadTheAnswer() {
        Reply reply = RawClient.exchange(port, "GET /api/films", ORIGIN);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.one("Access-Control-Allow-Origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(reply.elements("Access-Control-Expose-Headers"))
                .containsExactlyInAnyOrder(
                        "Location",
                        "ETag",
                        "Link",
                        "Retry-After",
                        "Idempotent-Replayed",
                        "Preference-Applied",
                        "traceparent",
                        "X-Request-Id");
        assertThat(reply.elements("Vary")).containsExactly("Origin");
    }

    @Test
    void variesByOriginWithoutOneToo() {
        Reply reply = RawClient.exchange(port, "GET /api/films");

        assertThat(reply.elements("Vary")).containsExactly("Origin");
        assertGrantsNothing(reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://shop.example.evil",
                "https://evilshop.example",
                "http://shop.example",
                "https://shop.example:8443",
                "https://shop.example:443",
                "https://shop.example/",
                "https://SHOP.example",
                "https://shop.example.",
                "https://user@shop.example",
                "https://shop.example https://evil.example",
                "https://shop.example, https://evil.example",
                "https://xn--shp-sna.example",
                "http://[::1]",
                "null",
                "",
                "not an origin",
            })
    void refusesEveryOtherOriginBeforeTheServiceIsAsked(String origin) {
        Reply reply = RawClient.exchange(port, "GET /api/films", "Origin: " + origin);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.elements("Vary")).containsExactly("Origin");
        assertGrantsNothing(reply);
        assertThat(INVENTORY.begun()).isZero();
    }

    @Test
    void refusesTwoOriginLines() {
        Reply reply = RawClient.exchange(port, "GET /api/films", ORIGIN, ORIGIN);

        assertThat(reply.status()).isEqualTo(403);
        assertGrantsNothing(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://gateway.example", "https://gateway.example"})
    void letsItsOwnPagesCallWhetherTlsEndsBeforeItOrNot(String origin) {
        Reply reply = RawClient.exchange(port, "GET /api/films", "Origin: " + origin);

        assertThat(reply.status()).isEqualTo(200);
        assertGrantsNothing(reply);
    }

    @Test
    void dropsWhatTheServiceSaysAboutCors() {
        INVENTORY.answer(
                "/api/films",
                (seen, response) -> response.header("Access-Control-Allow-Origin", "*")
                        .header("Access-Control-Allow-Credentials", "true")
                        .header("access-control-expose-headers", "Secret")
                        .header("Access-Control-Max-Age", "1")
                        .sendString(Mono.just("{}")));

        Reply crossOrigin = RawClient.exchange(port, "GET /api/films", ORIGIN);
        Reply plain = RawClient.exchange(port, "GET /api/films");

        assertThat(crossOrigin.one("Access-Control-Allow-Origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(crossOrigin.all("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(crossOrigin.all("Access-Control-Max-Age")).isEmpty();
        assertThat(crossOrigin.elements("Access-Control-Expose-Headers")).doesNotContain("Secret");
        assertGrantsNothing(plain);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept-Encoding | Accept-Encoding, Origin",
                "origin, Accept | origin, Accept",
                "Origin, Accept, Origin | Origin, Accept",
                "* | *",
                "Accept, * | *",
            })
    void mergesVaryWithoutDoublingIt(String ofService, String expected) {
        INVENTORY.answer(
                "/api/films",
                (seen, response) -> response.header("Vary", ofService).sendString(Mono.just("{}")));

        assertThat(RawClient.exchange(port, "GET /api/films", ORIGIN).one("Vary"))
                .isEqualTo(expected);
    }

    @Test
    void decorates304Too() {
        INVENTORY.answer(
                "/api/films/1", (seen, response) -> response.status(304).send());

        Reply reply = RawClient.exchange(port, "GET /api/films/1", ORIGIN, "If-None-Match: \"1\"");

        assertThat(reply.status()).isEqualTo(304);
        assertThat(reply.one("Access-Control-Allow-Origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(reply.one("Vary")).isEqualTo("Origin");
    }
}
