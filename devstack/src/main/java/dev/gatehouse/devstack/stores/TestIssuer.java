package dev.gatehouse.devstack.stores;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * A small OpenID Connect issuer for tests: discovery, keys, and tokens of any content without a login.
 *
 * <p>Its token endpoint gives any client the scopes it asks for: it proves nothing about clients, only that a service
 * asks for a token and sends it.
 */
public final class TestIssuer implements AutoCloseable {

    /** The audience every token has unless the test says otherwise. */
    public static final String AUDIENCE = "gatehouse";

    private final HttpServer server;
    private final ExecutorService threads;
    private final ECKey key;
    private final NimbusJwtEncoder encoder;
    private final String issuerUri;

    private TestIssuer(HttpServer server, ExecutorService threads, ECKey key) {
        this.server = server;
        this.threads = threads;
        this.key = key;
        this.encoder = new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(key)));
        this.issuerUri = "http://" + Ports.LOOPBACK + ":" + server.getAddress().getPort();
    }

    /** Starts an issuer on a free port with a new ES256 key. */
    public static TestIssuer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(Ports.LOOPBACK, 0), 0);
            ExecutorService threads = Executors.newFixedThreadPool(
                    4, Thread.ofPlatform().daemon().name("test-issuer-", 0).factory());
            server.setExecutor(threads);
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
            TestIssuer issuer = new TestIssuer(server, threads, key);
            server.createContext("/", issuer::answer);
            server.start();
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String issuerUri() {
        return issuerUri;
    }

    public String tokenUri() {
        return issuerUri + "/oauth2/token";
    }

    /** A valid access token for the subject with the scopes, good for an hour. */
    public String token(String subject, String... scopes) {
        return token(claims -> {
            claims.subject(subject);
            claims.claim("scope", String.join(" ", scopes));
        });
    }

    /** A token that is valid unless the customizer spoils it: it may change, add or remove any claim. */
    public String token(Consumer<JwtClaimsSet.Builder> customizer) {
        Instant now = Instant.now();
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .issuer(issuerUri)
                .subject("somebody")
                .audience(List.of(AUDIENCE))
                .issuedAt(now)
                .notBefore(now.minusSeconds(5))
                .expiresAt(now.plus(Duration.ofHours(1)))
                .id(UUID.randomUUID().toString());
        customizer.accept(claims);
        JwsHeader header = JwsHeader.with(SignatureAlgorithm.ES256)
                .type("JWT")
                .keyId(key.getKeyID())
                .build();
        return encoder.encode(JwtEncoderParameters.from(header, claims.build())).getTokenValue();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" ->
                    json(exchange, 200, discovery());
                case "/.well-known/jwks.json" -> json(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
                case "/oauth2/token" -> tokenRequest(exchange);
                default -> json(exchange, 404, "{}");
            }
        }
    }

    private String discovery() {
        return """
                {"issuer": "%1$s", "jwks_uri": "%1$s/.well-known/jwks.json", "token_endpoint": "%1$s/oauth2/token",
                 "authorization_endpoint": "%1$s/oauth2/authorize", "response_types_supported": ["code"],
                 "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
                 "grant_types_supported": ["client_credentials"],
                 "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]}
                """.formatted(issuerUri);
    }

    /** RFC 6749 section 4.4, errors as in its section 5.2. */
    private void tokenRequest(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (!exchange.getRequestMethod().equals("POST") || !"client_credentials".equals(form.get("grant_type"))) {
            json(exchange, 400, "{\"error\": \"unsupported_grant_type\"}");
            return;
        }
        String client = client(exchange, form);
        if (client.isEmpty()) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
            json(exchange, 401, "{\"error\": \"invalid_client\"}");
            return;
        }
        String scope = form.getOrDefault("scope", "");
        json(
                exchange,
                200,
                "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 3600, \"scope\": \"%s\"}"
                        .formatted(token(client, scope.split(" ")), scope));
    }

    private static String client(HttpExchange exchange, Map<String, String> form) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null && authorization.startsWith("Basic ")) {
            String pair = new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
            return URLDecoder.decode(pair.substring(0, Math.max(0, pair.indexOf(':'))), StandardCharsets.UTF_8);
        }
        return form.containsKey("client_secret") ? form.getOrDefault("client_id", "") : "";
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> form.put(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return form;
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
