package dev.gatehouse.drills.load;

import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.devstack.supervisor.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform as its callers see it: the gateway's address, and tokens that are renewed before they end. */
public final class Shop implements AutoCloseable {

    private static final Duration TOKEN_LIFE = Duration.ofMinutes(2);

    private final Platform platform;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final Map<DemoUser, Token> tokens = new EnumMap<>(DemoUser.class);

    public Shop(Platform platform) {
        this.platform = platform;
    }

    /** Sends one request as the user, or as nobody; headers are names and values in turn. */
    public HttpResponse<String> send(
            @Nullable DemoUser user,
            String method,
            String path,
            @Nullable String json,
            Duration limit,
            String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(platform.gatewayUrl() + path))
                .timeout(limit)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (user != null) {
            request.header("Authorization", "Bearer " + token(user));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /**
     * New films that only one drill sells.
     *
     * @param stocks copies of each
     * @throws IllegalStateException if the platform does not take them within a minute
     */
    public List<Film> stock(String name, long... stocks) throws InterruptedException {
        List<Film> films = new ArrayList<>();
        for (int i = 0; i < stocks.length; i++) {
            long price = 500 + 100L * i;
            UUID id = UUID.fromString(
                    insist(DemoUser.CATALOGUE_MANAGER, "POST", "/api/films", """
                    {"title": "Drill %s %d", "year": 2001, "genres": ["drama"],
                     "price": {"amountMinor": %d, "currency": "EUR"}}""".formatted(name, i, price))
                            .get("id")
                            .asString());
            if (stocks[i] > 0) {
                insist(DemoUser.CATALOGUE_MANAGER, "POST", "/api/films/" + id + "/stock/adjustments", """
                        {"adjustmentId": "%s", "delta": %d, "reason": "drill"}""".formatted(
                                UUID.randomUUID(), stocks[i]));
            }
            films.add(new Film(id, price, stocks[i]));
        }
        return films;
    }

    /**
     * Sends a request until it is taken, and returns the answer.
     *
     * @throws IllegalStateException if it is not within a minute
     */
    public JsonNode insist(DemoUser user, String method, String path, @Nullable String json)
            throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        while (true) {
            String said;
            try {
                HttpResponse<String> answer = send(user, method, path, json, Duration.ofSeconds(10));
                if (answer.statusCode() < 300) {
                    return JsonMapper.shared().readTree(answer.body());
                }
                said = answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                said = e.toString();
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(method + " " + path + ": " + said);
            }
            Thread.sleep(250);
        }
    }

    private String token(DemoUser user) {
        synchronized (tokens) {
            Token known = tokens.get(user);
            if (known == null || known.until().isBefore(Instant.now())) {
                known = new Token(platform.token(user), Instant.now().plus(TOKEN_LIFE));
                tokens.put(user, known);
            }
            return known.text();
        }
    }

    @Override
    public void close() {
        http.close();
    }

    /** What an order's answer says its id is, in the Location it points to. */
    static @Nullable UUID orderNamedIn(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Location")
                .map(location -> location.substring(location.lastIndexOf('/') + 1))
                .map(UUID::fromString)
                .orElse(null);
    }

    private record Token(String text, Instant until) {}

    /**
     * A film of a drill.
     *
     * @param priceMinor in euro cents
     * @param stock copies when the drill began
     */
    public record Film(UUID id, long priceMinor, long stock) {}
}
