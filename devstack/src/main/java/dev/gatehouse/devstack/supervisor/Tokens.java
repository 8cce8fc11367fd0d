package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/** Access tokens of the demo clients, by client credentials. */
public final class Tokens {

    private Tokens() {}

    /** Under which name a user's password or a client's secret is kept. */
    static String secretOf(String name) {
        return "issuer." + name;
    }

    /**
     * A fresh access token of the client with the user's rights on a running platform.
     *
     * @throws CannotStart if the issuer gives none
     */
    public static String fetch(PlatformState state, DemoUser user) {
        String issuer = state.urls().getOrDefault("issuer", "");
        String secret = state.credentials().getOrDefault(secretOf(user.clientId()), "");
        return fetch(issuer, user.clientId(), secret);
    }

    static String fetch(String issuer, String client, String secret) {
        String basic = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/oauth2/token"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return JsonMapper.shared()
                        .readTree(response.body())
                        .get("access_token")
                        .asString();
            }
            throw new CannotStart(
                    "The issuer at " + issuer + " gave no token: " + response.statusCode() + " " + response.body());
        } catch (IOException e) {
            throw new CannotStart("The issuer at " + issuer + " does not answer: " + e + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted", e);
        }
    }
}
