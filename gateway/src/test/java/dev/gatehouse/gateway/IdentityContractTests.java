package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.BILLING;
import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.devstack.stores.TestIssuer;
import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.gateway.RawClient.Reply;
import dev.gatehouse.gateway.Upstream.Seen;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;

/** Who may pass, and what the service learns about the caller. */
@GatewayTest
class IdentityContractTests {

    @LocalServerPort
    private int port;

    private static TestIssuer issuer() {
        return TestStores.issuer();
    }

    private Reply get(String path, String token, String... headers) {
        String[] all = Stream.concat(Stream.of("Authorization: Bearer " + token), Stream.of(headers))
                .toArray(String[]::new);
        return RawClient.exchange(port, "GET " + path, all);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/films, 200",
        "HEAD /api/films/1, 200",
        "GET /openapi/inventory, 200",
        "GET /openapi/billing, 200",
        "POST /api/webhooks/payments, 200",
        "POST /api/films, 401",
        "DELETE /api/films/1, 401",
        "GET /api/films/import, 401",
        "OPTIONS /api/films, 401",
        "PUT /api/reservations/1, 401",
        "GET /api/orders, 401",
        "GET /api/cart, 401",
        "GET /api/customers/me/data, 401",
        "GET /api/operations/actions, 401",
        "GET /api/webhooks/payments, 401",
        "POST /openapi/billing, 401",
    })
    void opensOnlyTheCatalogueTheDocumentsAndWebhooksToTheAnonymous(String requestLine, int status) {
        assertThat(RawClient.exchange(port, requestLine, "Content-Length: 0").status())
                .isEqualTo(status);
    }

    @Test
    void tellsTheServiceSubjectAndScopesAndPassesTheTokenOn() {
        String token = issuer().token("customer-1", "orders.write", "orders.read");

        assertThat(get("/api/orders", token).status()).isEqualTo(200);

        Seen seen = BILLING.next();
        assertThat(seen.all("X-Gatehouse-Subject")).containsExactly("customer-1");
        assertThat(seen.all("X-Gatehouse-Scopes")).containsExactly("orders.read orders.write");
        assertThat(seen.all("Authorization")).containsExactly("Bearer " + token);
    }

    @Test
    void readsScopesFromAListToo() {
        String token = issuer().token(claims -> claims.claim("scope", List.of("ops", "orders.read")));

        get("/api/orders", token);

        assertThat(BILLING.next().all("X-Gatehouse-Scopes")).containsExactly("ops orders.read");
    }

    static Stream<Named<Consumer<JwtClaimsSet.Builder>>> spoiledClaims() {
        return Stream.of(
                Named.of("another audience", claims -> claims.audience(List.of("elsewhere"))),
                Named.of("no audience", claims -> claims.claims(all -> all.remove("aud"))),
                Named.of("another issuer", claims -> claims.issuer("http://127.0.0.1:1")),
                Named.of("no issuer", claims -> claims.claims(all -> all.remove("iss"))),
                Named.of(
                        "expired beyond the skew",
                        claims -> claims.issuedAt(Instant.now().minusSeconds(600))
                                .expiresAt(Instant.now().minusSeconds(62))),
                Named.of("no expiry", claims -> claims.claims(all -> all.remove("exp"))),
                Named.of(
                        "not yet valid beyond the skew",
                        claims -> claims.notBefore(Instant.now().plusSeconds(70))),
                Named.of("no subject", claims -> claims.claims(all -> all.remove("sub"))),
                Named.of("blank subject", claims -> claims.subject(" ")));
    }

    @ParameterizedTest
    @MethodSource("spoiledClaims")
    void refusesTokensNotMeantForNowAndHere(Consumer<JwtClaimsSet.Builder> spoiled) {
        Reply reply = get("/api/films", issuer().token(spoiled));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.one("WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(INVENTORY.begun()).isZero();
    }

    static Stream<Named<Consumer<JwtClaimsSet.Builder>>> toleratedClaims() {
        return Stream.of(
                Named.of(
                        "expired within the skew",
                        claims -> claims.issuedAt(Instant.now().minusSeconds(600))
                                .expiresAt(Instant.now().minusSeconds(30))),
                Named.of(
                        "not yet valid within the skew",
                        claims -> claims.notBefore(Instant.now().plusSeconds(30))),
                Named.of("several audiences", claims -> claims.audience(List.of("elsewhere", "gatehouse"))));
    }

    @ParameterizedTest
    @MethodSource("toleratedClaims")
    void toleratesClocksThatDifferByUpToAMinute(Consumer<JwtClaimsSet.Builder> claims) {
        assertThat(get("/api/films", issuer().token(claims)).status()).isEqualTo(200);
    }

    @Test
    void refusesUnsignedTokens() {
        // {"alg":"none"}.{"sub":"x"}.
        assertThat(get("/api/films", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.").status())
                .isEqualTo(401);
    }

    @Test
    void refusesSymmetricSignatures() throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .issuer(issuer().issuerUri())
                        .subject("x")
                        .audience("gatehouse")
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
        jwt.sign(new MACSigner(new byte[32]));

        assertThat(get("/api/films", jwt.serialize()).status()).isEqualTo(401);
    }

    @Test
    void refusesTheKeysOfAnotherIssuer() {
        try (TestIssuer other = TestIssuer.start()) {
            String token = other.token(claims -> claims.issuer(issuer().issuerUri()));

            assertThat(get("/api/films", token).status()).isEqualTo(401);
        }
    }

    @Test
    void refusesATokenWhoseContentWasChanged() {
        String[] parts = issuer().token("customer-1").split("\\.");
        String[] others = issuer().token("customer-2").split("\\.");

        assertThat(get("/api/films", parts[0] + "." + others[1] + "." + parts[2])
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesTwoAuthorizationLines() {
        String token = issuer().token("customer-1");

        Reply reply = get("/api/films", token, "Authorization: Basic eDp5");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(INVENTORY.begun()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Gatehouse-Subject",
                "x-gatehouse-scopes",
                "X-Gatehouse-Refusal",
                "X_Gatehouse_Subject",
                "X-User-Id",
                "X-Authenticated-User",
                "X-Forwarded-Prefix",
                "X-Forwarded-Port",
                "Forwarded",
                "X-Real-IP",
                "True-Client-IP",
                "X-Original-URL",
                "X-HTTP-Method-Override",
                "Proxy-Connection",
            })
    void passesNothingOnThatTheClientSaysAboutItself(String name) {
        RawClient.exchange(port, "GET /api/films", name + ": forged");

        assertThat(INVENTORY.next().headers())
                .noneMatch(header -> header.getValue().contains("forged"))
                .noneMatch(header -> header.getKey().equalsIgnoreCase(name));
    }

    @Test
    void tellsTheServiceTheConnectionsAddressOnly() {
        RawClient.exchange(
                port,
                "GET /api/films",
                "X-Forwarded-For: 203.0.113.9",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.example");

        Seen seen = INVENTORY.next();
        assertThat(seen.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(seen.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(seen.all("X-Forwarded-Host")).containsExactly("gateway.example");
    }

    @Test
    void keepsItsOwnHeadersWhenTheClientNamesThemHopByHop() {
        get(
                "/api/orders",
                issuer().token("customer-1", "orders.read"),
                "Connection: X-Gatehouse-Subject, X-Forwarded-For, traceparent");

        Seen seen = BILLING.next();
        assertThat(seen.all("X-Gatehouse-Subject")).containsExactly("customer-1");
        assertThat(seen.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(seen.all("traceparent")).hasSize(1);
    }
}
