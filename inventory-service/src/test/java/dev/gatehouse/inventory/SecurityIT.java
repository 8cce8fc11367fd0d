package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.devstack.stores.TestIssuer;
import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.inventory.Caller.Answer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@IntegrationTest
class SecurityIT {

    private static final String FILM = "/api/films/019b7700-0000-7000-8000-00000000ffff";
    private static final String RESERVATION = "/api/reservations/019b7700-0000-7000-8000-00000000ffff";

    @Autowired
    Caller caller;

    @ParameterizedTest
    @ValueSource(strings = {"/api/films", FILM, FILM + "/stock", "/v3/api-docs", "/v3/api-docs.yaml"})
    void letsAnybodyRead(String path) {
        assertThat(caller.get(path).send().status()).isIn(200, 404).isNotIn(401, 403);
    }

    @ParameterizedTest
    @CsvSource({
        "POST," + "/api/films" + ",catalogue.write",
        "POST,/api/films/import,catalogue.write",
        "PUT," + FILM + ",catalogue.write",
        "PATCH," + FILM + ",catalogue.write",
        "DELETE," + FILM + ",catalogue.write",
        "POST," + FILM + "/stock/adjustments,stock.write",
        "PUT," + RESERVATION + ",stock.reserve",
        "GET," + RESERVATION + ",stock.reserve",
        "POST," + RESERVATION + "/confirm,stock.reserve",
        "POST," + RESERVATION + "/release,stock.reserve"
    })
    void asksForTheScopeOfTheOperation(String method, String path, String scope) {
        Answer anonymous = caller.call(method, path).send();
        Answer wrong = caller.call(method, path)
                .as(TestStores.issuer()
                        .token(
                                "somebody",
                                Stream.of(
                                                "orders.read",
                                                "orders.write",
                                                "ops",
                                                "catalogue.write",
                                                "stock.write",
                                                "stock.reserve")
                                        .filter(other -> !other.equals(scope))
                                        .toArray(String[]::new)))
                .send();
        Answer right = caller.call(method, path)
                .as(TestStores.issuer().token("somebody", scope))
                .send();

        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.problem()).isEqualTo("unauthenticated");
        assertThat(anonymous.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(anonymous.json().path("instance").asString()).isEqualTo(path);
        assertThat(wrong.status()).isEqualTo(403);
        assertThat(wrong.problem()).isEqualTo("forbidden");
        assertThat(wrong.header("WWW-Authenticate")).contains("insufficient_scope");
        assertThat(right.status()).isNotIn(401, 403);
    }

    @Test
    void readsScopesFromAnArrayToo() {
        String token = TestStores.issuer().token(claims -> claims.claim("scope", List.of("catalogue.write")));

        assertThat(caller.post("/api/films", "{}").as(token).send().status()).isEqualTo(400);
    }

    static Stream<String> badTokens() throws JOSEException {
        TestIssuer issuer = TestStores.issuer();
        String good = issuer.token("editor", "catalogue.write");
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer.issuerUri())
                .audience(TestIssuer.AUDIENCE)
                .subject("editor")
                .claim("scope", "catalogue.write")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build();
        SignedJWT symmetric = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        symmetric.sign(new MACSigner("0123456789012345678901234567890123456789"));
        String[] parts = good.split("\\.");
        return Stream.of(
                "nonsense",
                new PlainJWT(claims).serialize(),
                symmetric.serialize(),
                parts[0] + "." + parts[1] + ".AAAA" + parts[2].substring(4),
                issuer.token(c -> c.claim("scope", "catalogue.write").audience(List.of("other"))),
                issuer.token(c -> c.claim("scope", "catalogue.write").claims(all -> all.remove("aud"))),
                issuer.token(c -> c.claim("scope", "catalogue.write").issuer("https://other.example")),
                issuer.token(c -> c.claim("scope", "catalogue.write")
                        .issuedAt(Instant.now().minusSeconds(7200))
                        .expiresAt(Instant.now().minusSeconds(3600))),
                issuer.token(c -> c.claim("scope", "catalogue.write")
                        .notBefore(Instant.now().plusSeconds(3600))));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void refusesATokenThatIsNotGood(String token) {
        Answer write = caller.post("/api/films", Films.minimal("T")).as(token).send();
        Answer read = caller.get("/api/films").as(token).send();

        assertThat(write.status()).isEqualTo(401);
        assertThat(write.problem()).isEqualTo("unauthenticated");
        assertThat(write.header("WWW-Authenticate")).contains("invalid_token");
        // A bad token is not the same as none.
        assertThat(read.status()).isEqualTo(401);
    }

    @Test
    void keepsNoSession() {
        Answer answer = caller.get("/api/films").asEditor().send();

        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void hidesTheActuatorFromThePublicPort() {
        assertThat(caller.get("/actuator/health").asEditor().send().status()).isEqualTo(404);
        assertThat(caller.get("/actuator/prometheus").send().status()).isEqualTo(401);
    }
}
