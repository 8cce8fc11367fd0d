package dev.gatehouse.devstack.issuer;

import static dev.gatehouse.devstack.issuer.IssuerClient.VERIFIER;
import static dev.gatehouse.devstack.issuer.IssuerClient.json;
import static dev.gatehouse.devstack.issuer.IssuerClient.location;
import static dev.gatehouse.devstack.issuer.IssuerClient.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoders;
import org.springframework.security.oauth2.jwt.JwtException;
import tools.jackson.databind.JsonNode;

class IssuerTests {

    static final String GATEWAY = "http://127.0.0.1:8080";

    @TempDir
    static Path directory;

    static Issuer issuer;

    IssuerClient client;

    @BeforeAll
    static void start() throws Exception {
        issuer = Issuer.start(settings(Ports.free(), directory));
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    @BeforeEach
    void open() {
        client = new IssuerClient(issuer);
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void describesItself() throws Exception {
        JsonNode document = json(client.get("/.well-known/openid-configuration"));

        assertThat(document.path("issuer").asString()).isEqualTo(issuer.issuerUri());
        assertThat(document.path("token_endpoint").asString()).isEqualTo(issuer.tokenUri());
        assertThat(document.path("authorization_endpoint").asString()).isEqualTo(issuer.authorizationUri());
        assertThat(document.path("id_token_signing_alg_values_supported").toString())
                .isEqualTo("[\"RS256\"]");
        assertThat(document.path("code_challenge_methods_supported").toString()).isEqualTo("[\"S256\"]");
    }

    @Test
    void publishesItsKeyWithoutThePrivatePart() throws Exception {
        JsonNode key = json(client.get("/oauth2/jwks")).path("keys").path(0);

        assertThat(key.path("kty").asString()).isEqualTo("RSA");
        assertThat(key.path("alg").asString()).isEqualTo("RS256");
        assertThat(key.path("use").asString()).isEqualTo("sig");
        assertThat(key.has("d")).isFalse();
    }

    @Test
    void keepsItsKeyReadableByItsOwnerOnly() throws Exception {
        Path file = directory.resolve("signing-keys.json");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void givesAClientATokenOfItsOwn() throws Exception {
        JsonNode answer = json(client.clientCredentials("demo-customer:secret-of-demo-customer", "orders.read"));

        Jwt token = decoder().decode(answer.path("access_token").asString());
        assertThat(token.getHeaders()).containsEntry("alg", "RS256");
        assertThat(token.getSubject()).isEqualTo("demo-customer");
        assertThat(token.getAudience()).containsExactly("gatehouse");
        assertThat(token.getIssuer()).hasToString(issuer.issuerUri());
        assertThat(token.getClaimAsStringList("scope")).containsExactly("orders.read");
        assertThat(token.getClaimAsStringList("roles")).containsExactly("customer");
        assertThat(Duration.between(token.getIssuedAt(), token.getExpiresAt())).isEqualTo(Duration.ofHours(1));
        assertThat(answer.path("expires_in").asInt()).isBetween(3590, 3600);
    }

    @ParameterizedTest
    @CsvSource({
        "demo-customer,orders.read orders.write",
        "demo-customer-2,orders.read orders.write",
        "demo-manager,catalogue.write stock.write",
        "demo-operator,ops orders.read stock.reserve",
        "billing-service,stock.reserve"
    })
    void givesAClientAllItsRoleAllowsWhenItNamesNoScope(String id, String scopes) throws Exception {
        JsonNode answer = json(client.clientCredentials(id + ":secret-of-" + id, ""));

        assertThat(answer.path("scope").asString().split(" ")).containsExactlyInAnyOrder(scopes.split(" "));
        assertThat(decoder().decode(answer.path("access_token").asString()).getSubject())
                .isEqualTo(id);
    }

    @Test
    void takesTheSecretInTheFormToo() throws Exception {
        HttpResponse<String> answer = client.token(
                null,
                Map.of(
                        "grant_type", "client_credentials",
                        "client_id", "demo-manager",
                        "client_secret", "secret-of-demo-manager"));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAClientAScopeItsRoleDoesNotAllow() throws Exception {
        HttpResponse<String> answer =
                client.clientCredentials("demo-customer:secret-of-demo-customer", "orders.read catalogue.write");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asString()).isEqualTo("invalid_scope");
    }

    @Test
    void refusesAWrongSecret() throws Exception {
        HttpResponse<String> answer = client.clientCredentials("demo-customer:wrong", "");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void logsAUserInByCodeAndProofKey() throws Exception {
        HttpResponse<String> unknown = client.authorize(Map.of());
        assertThat(unknown.statusCode()).isEqualTo(302);
        assertThat(location(unknown)).endsWith("/login");

        HttpResponse<String> loggedIn = client.login("customer", "secret-of-customer");
        assertThat(location(loggedIn)).startsWith(issuer.authorizationUri());
        HttpResponse<String> redirect = client.get(location(loggedIn), "Accept", "text/html");
        assertThat(location(redirect)).startsWith(IssuerClient.REDIRECT);
        assertThat(parameter(redirect, "state")).isEqualTo("a-state");
        JsonNode answer = json(client.exchange(parameter(redirect, "code"), VERIFIER));

        Jwt token = decoder().decode(answer.path("access_token").asString());
        assertThat(token.getSubject()).isEqualTo("customer");
        assertThat(token.getAudience()).containsExactly("gatehouse");
        assertThat(token.getClaimAsStringList("scope"))
                .containsExactlyInAnyOrder("openid", "orders.read", "orders.write");
        assertThat(token.getClaimAsStringList("roles")).containsExactly("customer");
        Jwt identity = decoder().decode(answer.path("id_token").asString());
        assertThat(identity.getAudience()).containsExactly("swagger-ui");
        assertThat(identity.getHeaders()).containsEntry("alg", "RS256");
        assertThat(client.get(
                                "/userinfo",
                                "Authorization",
                                "Bearer " + answer.path("access_token").asString())
                        .body())
                .contains("customer");
    }

    @Test
    void namesItsCookieAfterItself() throws Exception {
        HttpResponse<String> page = client.get("/login", "Accept", "text/html");

        assertThat(page.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("GATEHOUSE_ISSUER_SESSION=")
                .containsIgnoringCase("HttpOnly")
                .containsIgnoringCase("SameSite=Lax");
        assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
    }

    @Test
    void showsTheLoginPageAgainAfterAWrongPassword() throws Exception {
        HttpResponse<String> refused = client.login("customer", "wrong");

        assertThat(location(refused)).endsWith("/login?error");
        assertThat(client.get("/login?error", "Accept", "text/html").body()).contains("do not belong together");
    }

    @Test
    void refusesALoginFormWithoutItsToken() throws Exception {
        assertThat(client.loginWithoutToken("customer", "secret-of-customer").statusCode())
                .isEqualTo(403);
    }

    @Test
    void logsOut() throws Exception {
        client.login("customer", "secret-of-customer");
        assertThat(client.get("/", "Accept", "text/html").body()).contains("Signed in as customer");

        HttpResponse<String> out = client.logout();

        assertThat(location(out)).endsWith("/login?logout");
        assertThat(location(client.authorize(Map.of()))).endsWith("/login");
    }

    @Test
    void cutsTheScopesOfAUserDownToTheRole() throws Exception {
        client.login("manager", "secret-of-manager");

        HttpResponse<String> redirect =
                client.authorize(Map.of("scope", "openid orders.read orders.write catalogue.write stock.write ops"));
        JsonNode answer = json(client.exchange(parameter(redirect, "code"), VERIFIER));

        Jwt token = decoder().decode(answer.path("access_token").asString());
        assertThat(token.getClaimAsStringList("scope"))
                .containsExactlyInAnyOrder("openid", "catalogue.write", "stock.write");
        assertThat(token.getClaimAsStringList("roles")).containsExactly("catalogue-manager");
    }

    @Test
    void refusesAUserWhoseRoleAllowsNoneOfTheScopes() throws Exception {
        client.login("manager", "secret-of-manager");

        HttpResponse<String> redirect = client.authorize(Map.of("scope", "openid orders.read"));

        assertThat(location(redirect)).startsWith(IssuerClient.REDIRECT);
        assertThat(parameter(redirect, "error")).isEqualTo("invalid_scope");
        assertThat(parameter(redirect, "code")).isEmpty();
    }

    @Test
    void refusesAWrongVerifier() throws Exception {
        HttpResponse<String> answer = client.exchange(code(), "another-verifier-that-is-long-enough-0123456789012");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void refusesACodeTheSecondTime() throws Exception {
        String code = code();
        client.exchange(code, VERIFIER);

        assertThat(json(client.exchange(code, VERIFIER)).path("error").asString())
                .isEqualTo("invalid_grant");
    }

    @Test
    void wantsAProofKey() throws Exception {
        client.login("customer", "secret-of-customer");

        HttpResponse<String> redirect = client.authorize(Map.of("code_challenge", "", "code_challenge_method", ""));

        assertThat(parameter(redirect, "error")).isEqualTo("invalid_request");
    }

    @Test
    void neverRedirectsToAnUnknownAddress() throws Exception {
        client.login("customer", "secret-of-customer");

        HttpResponse<String> answer = client.authorize(Map.of("redirect_uri", "https://elsewhere.example/callback"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(location(answer)).isEmpty();
    }

    @Test
    void neverRedirectsToAnUnknownAddressBecauseOfAScope() throws Exception {
        client.login("manager", "secret-of-manager");

        HttpResponse<String> answer =
                client.authorize(Map.of("redirect_uri", "https://elsewhere.example/callback", "scope", "orders.read"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(location(answer)).isEmpty();
    }

    @Test
    void refreshesATokenOnce() throws Exception {
        JsonNode first = json(client.exchange(code(), VERIFIER));

        JsonNode second = json(client.refresh(first.path("refresh_token").asString()));
        HttpResponse<String> again = client.refresh(first.path("refresh_token").asString());

        Jwt token = decoder().decode(second.path("access_token").asString());
        assertThat(token.getSubject()).isEqualTo("customer");
        assertThat(token.getClaimAsStringList("scope"))
                .containsExactlyInAnyOrder("openid", "orders.read", "orders.write");
        assertThat(second.path("refresh_token").asString())
                .isNotEqualTo(first.path("refresh_token").asString());
        assertThat(json(again).path("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void refusesARefreshInTheNameOfAClientWithASecret() throws Exception {
        HttpResponse<String> answer = client.token(
                null, Map.of("grant_type", "refresh_token", "client_id", "demo-customer", "refresh_token", "anything"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void letsTheGatewaysPagesFetchTokens() throws Exception {
        HttpResponse<String> allowed = client.preflight("/oauth2/token", GATEWAY);
        HttpResponse<String> refused = client.preflight("/oauth2/token", "http://elsewhere.example");
        HttpResponse<String> login = client.preflight("/login", GATEWAY);

        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(GATEWAY);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(login.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void keepsTokensValidOverARestartAndARotation(@TempDir Path other) throws Exception {
        int port = Ports.free();
        String before;
        try (Issuer first = Issuer.start(settings(port, other));
                IssuerClient browser = new IssuerClient(first)) {
            before = tokenOf(browser);
        }

        try (Issuer second = Issuer.start(settings(port, other));
                IssuerClient browser = new IssuerClient(second)) {
            assertThat(JwtDecoders.fromIssuerLocation(second.issuerUri())
                            .decode(before)
                            .getSubject())
                    .isEqualTo("demo-customer");
            second.rotateKey();
            String after = tokenOf(browser);
            JwtDecoder decoder = JwtDecoders.fromIssuerLocation(second.issuerUri());
            Jwt old = decoder.decode(before);
            Jwt fresh = decoder.decode(after);
            assertThat(fresh.getHeaders().get("kid"))
                    .isNotEqualTo(old.getHeaders().get("kid"));
            assertThat(json(browser.get("/oauth2/jwks")).path("keys")).hasSize(2);
        }
    }

    @Test
    void signsAnewWhereAnEarlierKeyHasAnotherAlgorithm(@TempDir Path other) throws Exception {
        ECKey earlier = new ECKeyGenerator(Curve.P_256)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate();
        Files.writeString(other.resolve("signing-keys.json"), new JWKSet(earlier).toString(false));

        try (Issuer reopened = Issuer.start(settings(Ports.free(), other));
                IssuerClient browser = new IssuerClient(reopened)) {
            Jwt token = JwtDecoders.fromIssuerLocation(reopened.issuerUri()).decode(tokenOf(browser));

            assertThat(token.getHeaders()).containsEntry("alg", "RS256");
            assertThat(json(browser.get("/oauth2/jwks")).path("keys").toString())
                    .contains(earlier.getKeyID());
        }
    }

    @Test
    void doesNotAcceptTheTokensOfAnotherIssuer(@TempDir Path other) throws Exception {
        String foreign;
        try (Issuer stranger = Issuer.start(settings(Ports.free(), other));
                IssuerClient browser = new IssuerClient(stranger)) {
            foreign = tokenOf(browser);
        }

        assertThatThrownBy(() -> decoder().decode(foreign)).isInstanceOf(JwtException.class);
    }

    @Test
    void refusesATakenPortAndDamagedKeysInOneLine(@TempDir Path other) throws Exception {
        assertThatThrownBy(() -> Issuer.start(
                        settings(Integer.parseInt(issuer.issuerUri().replaceAll(".*:", "")), other)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("Port \\d+ of 127\\.0\\.0\\.1 is taken.*");

        Files.writeString(other.resolve("signing-keys.json"), "{\"keys\":[{\"kty\":\"EC\"}]}");

        assertThatThrownBy(() -> Issuer.start(settings(Ports.free(), other)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("are damaged");
    }

    private static IssuerSettings settings(int port, Path where) {
        return IssuerSettings.demo(port, where, GATEWAY, name -> "secret-of-" + name);
    }

    private static String tokenOf(IssuerClient browser) throws Exception {
        return json(browser.clientCredentials("demo-customer:secret-of-demo-customer", ""))
                .path("access_token")
                .asString();
    }

    private String code() throws Exception {
        client.login("customer", "secret-of-customer");
        return parameter(client.authorize(Map.of()), "code");
    }

    private static JwtDecoder decoder() {
        return JwtDecoders.fromIssuerLocation(issuer.issuerUri());
    }
}
