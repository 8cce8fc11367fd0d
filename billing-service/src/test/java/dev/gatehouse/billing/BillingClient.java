package dev.gatehouse.billing;

import dev.gatehouse.devstack.stores.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A customer's view of the service: real HTTP with a real token. */
public final class BillingClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String baseUrl;
    private final String token;
    private final String subject;

    private BillingClient(String baseUrl, String subject, String token) {
        this.baseUrl = baseUrl;
        this.subject = subject;
        this.token = token;
    }

    /** A customer nobody has seen before. */
    public static BillingClient customer(int port) {
        return of(port, "customer-" + UUID.randomUUID(), "orders.read", "orders.write");
    }

    public static BillingClient of(int port, String subject, String... scopes) {
        return new BillingClient(
                "http://127.0.0.1:" + port, subject, TestStores.issuer().token(subject, scopes));
    }

    /** The same caller with another token. */
    public BillingClient withToken(String other) {
        return new BillingClient(baseUrl, subject, other);
    }

    public String subject() {
        return subject;
    }

    public Reply get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Reply post(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    public Reply send(String method, String path, String body, String... headers) {
        return send(request(path, headers).method(method, BodyPublishers.ofString(body)));
    }

    /** Orders one line with a fresh key. */
    public Reply order(UUID film, int quantity, long priceMinor, String paymentMethod, String... headers) {
        return orderWithKey("\"" + UUID.randomUUID() + "\"", film, quantity, priceMinor, paymentMethod, headers);
    }

    public Reply orderWithKey(
            String key, UUID film, int quantity, long priceMinor, String paymentMethod, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Idempotency-Key";
        all[1] = key;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return post("/api/orders", body(film, quantity, priceMinor, paymentMethod), all);
    }

    public static String body(UUID film, int quantity, long priceMinor, String paymentMethod) {
        return """
                {"lines": [{"filmId": "%s", "quantity": %d, "unitPrice": {"amountMinor": %d, "currency": "EUR"}}], "paymentMethod": "%s"}""".formatted(film, quantity, priceMinor, paymentMethod);
    }

    /** The raw request, for tests that read the answer as a stream. */
    public HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(Duration.ofSeconds(45))
                .header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    public static HttpClient http() {
        return HTTP;
    }

    private static Reply send(HttpRequest.Builder request) {
        try {
            return new Reply(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An answer. */
    public record Reply(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String body() {
            return response.body();
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        /** The problem's slug. */
        public String problem() {
            String type = json().path("type").asString("");
            return type.substring(type.lastIndexOf('/') + 1);
        }

        public UUID id() {
            return UUID.fromString(json().path("id").asString());
        }

        public String state() {
            return json().path("state").asString();
        }
    }
}
