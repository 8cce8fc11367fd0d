package dev.gatehouse.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

class IssuerKeysTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final IdentityProperties SETTINGS = new IdentityProperties(
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofHours(24),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2));

    private final AtomicReference<List<RSAKey>> published = new AtomicReference<>(List.of());
    private final AtomicInteger keyFetches = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private RSAKey first;
    private DisposableServer server;
    private String issuer;

    @BeforeEach
    void publishOneKey() throws JOSEException {
        first = new RSAKeyGenerator(2048).keyID("first").generate();
        published.set(List.of(first));
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get(
                                "/.well-known/openid-configuration",
                                (request, response) -> response.sendString(Mono.just(discovery())))
                        .get("/keys", (request, response) -> {
                            keyFetches.incrementAndGet();
                            List<JWK> keys = List.copyOf(published.get());
                            return response.sendString(Mono.just(new JWKSet(keys).toString(true)));
                        }))
                .bindNow();
        issuer = "http://127.0.0.1:" + server.port();
    }

    @AfterEach
    void stop() {
        server.disposeNow(Duration.ofSeconds(1));
    }

    private String discovery() {
        return "{\"issuer\":\"%s\",\"jwks_uri\":\"http://127.0.0.1:%d/keys\"}".formatted(issuer, server.port());
    }

    private IssuerKeys keys() {
        return new IssuerKeys(issuer, SETTINGS, HttpClient.newConnection(), now::get);
    }

    private ReactiveJwtDecoder decoder() {
        OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
        properties.getJwt().setIssuerUri(issuer);
        properties.getJwt().setAudiences(List.of("gatehouse"));
        properties.getJwt().setJwsAlgorithms(List.of("RS256", "ES256"));
        return new IdentityConfiguration().jwtDecoder(properties, SETTINGS);
    }

    private SignedJWT token(RSAKey key, JWSAlgorithm algorithm) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .subject("customer-1")
                        .audience("gatehouse")
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
        jwt.sign(new RSASSASigner(key));
        return jwt;
    }

    private List<JWK> find(IssuerKeys keys, SignedJWT token) {
        return keys.forToken(token).collectList().block(PATIENCE);
    }

    @Test
    void acceptsRs256() throws Exception {
        assertThat(decoder()
                        .decode(token(first, JWSAlgorithm.RS256).serialize())
                        .block(PATIENCE))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256"})
    void refusesOtherAlgorithmsOfTheSameKey(String algorithm) throws Exception {
        String token = token(first, JWSAlgorithm.parse(algorithm)).serialize();

        assertThatThrownBy(() -> decoder().decode(token).block(PATIENCE)).isInstanceOf(BadJwtException.class);
    }

    @Test
    void fetchesTheKeysOnceForMany() throws Exception {
        IssuerKeys keys = keys();
        SignedJWT token = token(first, JWSAlgorithm.RS256);

        Flux.range(0, 50)
                .flatMap(n -> keys.forToken(token).collectList(), 50)
                .doOnNext(found -> assertThat(found).hasSize(1))
                .blockLast(PATIENCE);

        assertThat(keyFetches).hasValue(1);
    }

    @Test
    void findsANewKeyAtItsFirstToken() throws Exception {
        IssuerKeys keys = keys();
        find(keys, token(first, JWSAlgorithm.RS256));
        RSAKey second = new RSAKeyGenerator(2048).keyID("second").generate();
        published.set(List.of(first, second));
        now.updateAndGet(time -> time.plusSeconds(6));

        assertThat(find(keys, token(second, JWSAlgorithm.RS256))).hasSize(1);
    }

    @Test
    void asksTheIssuerAtMostOncePerIntervalForUnknownKeys() throws Exception {
        IssuerKeys keys = keys();
        find(keys, token(first, JWSAlgorithm.RS256));
        now.updateAndGet(time -> time.plusSeconds(6));

        for (int i = 0; i < 20; i++) {
            RSAKey unknown = new RSAKey.Builder(first).keyID("unknown-" + i).build();
            assertThat(find(keys, token(unknown, JWSAlgorithm.RS256))).isEmpty();
        }

        assertThat(keyFetches).hasValue(2);
    }

    @Test
    void forgetsAWithdrawnKeyAfterTheRefreshTime() throws Exception {
        IssuerKeys keys = keys();
        SignedJWT token = token(first, JWSAlgorithm.RS256);
        find(keys, token);
        published.set(List.of(new RSAKeyGenerator(2048).keyID("second").generate()));
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(6)));
        find(keys, token);

        org.awaitility.Awaitility.await().until(() -> find(keys, token).isEmpty());
    }

    @Test
    void goesOnWithKnownKeysWhileTheIssuerIsAway() throws Exception {
        IssuerKeys keys = keys();
        SignedJWT token = token(first, JWSAlgorithm.RS256);
        find(keys, token);
        stop();
        now.updateAndGet(time -> time.plus(Duration.ofHours(23)));

        assertThat(find(keys, token)).hasSize(1);
        assertThat(find(keys, token)).hasSize(1);
    }

    @Test
    void trustsNoKeyBeyondItsLifetime() throws Exception {
        IssuerKeys keys = keys();
        SignedJWT token = token(first, JWSAlgorithm.RS256);
        find(keys, token);
        stop();
        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));

        assertThatThrownBy(() -> find(keys, token)).hasRootCauseInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void answers503InsteadOf401WhileNoKeyCanBeHad() throws Exception {
        String token = token(first, JWSAlgorithm.RS256).serialize();
        ReactiveJwtDecoder decoder = decoder();
        stop();

        assertThatThrownBy(() -> decoder.decode(token).block(PATIENCE))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.type()).isEqualTo(ProblemType.SERVICE_UNAVAILABLE));
    }

    @Test
    void recoversWhenTheIssuerComesBack() throws Exception {
        IssuerKeys keys = keys();
        SignedJWT token = token(first, JWSAlgorithm.RS256);
        int port = server.port();
        stop();
        assertThatThrownBy(() -> find(keys, token)).isInstanceOf(IssuerUnavailable.class);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .route(routes -> routes.get(
                                "/.well-known/openid-configuration",
                                (request, response) -> response.sendString(Mono.just(discovery())))
                        .get(
                                "/keys",
                                (request, response) -> response.sendString(
                                        Mono.just(new JWKSet(List.copyOf(published.get())).toString(true)))))
                .bindNow();

        assertThatThrownBy(() -> find(keys, token)).isInstanceOf(IssuerUnavailable.class);
        now.updateAndGet(time -> time.plusSeconds(6));

        assertThat(find(keys, token)).hasSize(1);
    }

    @Test
    void refusesADiscoveryDocumentOfAnotherIssuer() throws Exception {
        SignedJWT token = token(first, JWSAlgorithm.RS256);
        String real = issuer;
        IssuerKeys keys = keys();
        issuer = "https://another.example";

        assertThatThrownBy(() -> find(keys, token)).isInstanceOf(IssuerUnavailable.class);
        issuer = real;
    }
}
