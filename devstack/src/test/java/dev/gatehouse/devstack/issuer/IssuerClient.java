package dev.gatehouse.devstack.issuer;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser as far as the issuer is concerned: it keeps cookies, fills the login form and follows no redirect by itself. */
final class IssuerClient implements AutoCloseable {

    static final String REDIRECT = "http://127.0.0.1:8080/swagger-ui/oauth2-redirect.html";
    static final String VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789";

    private static final JsonMapper JSON = new JsonMapper();

    private final String issuer;
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    IssuerClient(Issuer issuer) {
        this.issuer = issuer.issuerUri();
    }

    HttpResponse<String> get(String pathOrUrl, String... headers) throws IOException, InterruptedException {
        return send(request(pathOrUrl, headers).GET());
    }

    HttpResponse<String> token(@Nullable String basic, Map<String, String> form)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/oauth2/token");
        if (basic != null) {
            String encoded = Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + encoded);
        }
        return send(post(request, form));
    }

    HttpResponse<String> clientCredentials(String basic, String scope) throws IOException, InterruptedException {
        Map<String, String> form = new TreeMap<>(Map.of("grant_type", "client_credentials"));
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        return token(basic, form);
    }

    HttpResponse<String> authorize(Map<String, String> changes) throws IOException, InterruptedException {
        Map<String, String> query = new TreeMap<>(Map.of(
                "response_type", "code",
                "client_id", "swagger-ui",
                "redirect_uri", REDIRECT,
                "scope", "openid orders.read orders.write",
                "state", "a-state",
                "code_challenge", challenge(VERIFIER),
                "code_challenge_method", "S256"));
        query.putAll(changes);
        query.values().removeIf(String::isEmpty);
        return get("/oauth2/authorize?" + encode(query), "Accept", "text/html");
    }

    /** Fills the login form. */
    HttpResponse<String> login(String name, String password) throws IOException, InterruptedException {
        Matcher csrf = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"")
                .matcher(get("/login", "Accept", "text/html").body());
        if (!csrf.find()) {
            throw new IllegalStateException("The login page has no CSRF token");
        }
        return send(post(
                request("/login", "Accept", "text/html"),
                Map.of("username", name, "password", password, "_csrf", csrf.group(1))));
    }

    HttpResponse<String> loginWithoutToken(String name, String password) throws IOException, InterruptedException {
        return send(post(request("/login"), Map.of("username", name, "password", password)));
    }

    HttpResponse<String> logout() throws IOException, InterruptedException {
        Matcher csrf = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"")
                .matcher(get("/", "Accept", "text/html").body());
        if (!csrf.find()) {
            throw new IllegalStateException("The page has no CSRF token");
        }
        return send(post(request("/logout", "Accept", "text/html"), Map.of("_csrf", csrf.group(1))));
    }

    HttpResponse<String> exchange(String code, String verifier) throws IOException, InterruptedException {
        return token(
                null,
                Map.of(
                        "grant_type", "authorization_code",
                        "client_id", "swagger-ui",
                        "code", code,
                        "redirect_uri", REDIRECT,
                        "code_verifier", verifier));
    }

    HttpResponse<String> refresh(String refreshToken) throws IOException, InterruptedException {
        return token(
                null, Map.of("grant_type", "refresh_token", "client_id", "swagger-ui", "refresh_token", refreshToken));
    }

    HttpResponse<String> preflight(String path, String origin) throws IOException, InterruptedException {
        return send(request(
                        path,
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "authorization,x-requested-with")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    /** The query parameter of the address a redirect goes to. */
    static String parameter(HttpResponse<String> redirect, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(location(redirect));
        return matcher.find() ? URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8) : "";
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder request(String pathOrUrl, String... headers) {
        URI uri = URI.create(pathOrUrl.startsWith("/") ? issuer + pathOrUrl : pathOrUrl);
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder;
    }

    private static HttpRequest.Builder post(HttpRequest.Builder request, Map<String, String> form) {
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
