package dev.gatehouse.billing.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.billing.money.Money;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each answer of inventory, and each absence of one, means to billing. */
class InventoryClientTests {

    private static final UUID ORDER = UUID.fromString("0199d3a0-0000-7000-8000-000000000001");
    private static final UUID METROPOLIS = UUID.fromString("0199d3a0-0000-7000-8000-0000000000a1");
    private static final UUID SUNRISE = UUID.fromString("0199d3a0-0000-7000-8000-0000000000a2");
    private static final List<ReservationLine> LINES =
            List.of(new ReservationLine(METROPOLIS, 2), new ReservationLine(SUNRISE, 1));
    private static final String HELD = """
            {"orderId": "%s", "state": "HELD", "expiresAt": "2026-11-21T12:00:00Z", "addedLater": true, "lines": [
              {"filmId": "%s", "quantity": 2, "unitPrice": {"amountMinor": 999, "currency": "EUR"}, "title": "Metropolis"},
              {"filmId": "%s", "quantity": 1, "unitPrice": {"amountMinor": 500, "currency": "EUR"}, "title": "Sunrise"}]}
            """.formatted(ORDER, METROPOLIS, SUNRISE);

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger tokens = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer server;
    private volatile boolean silent;
    private volatile int tokenStatus = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/oauth2/token", this::token);
        server.createContext("/api", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.stop(0);
    }

    @Test
    void reservesWithThePricesInventoryAsks() {
        willAnswer(201, HELD);

        Reservation reservation = client().reserve(ORDER, LINES);

        assertThat(reservation.state()).isEqualTo(Reservation.State.HELD);
        assertThat(reservation.expiresAt()).isEqualTo(Instant.parse("2026-11-21T12:00:00Z"));
        assertThat(reservation.lines())
                .containsExactly(
                        new Reservation.Line(METROPOLIS, 2, new Money(999, "EUR"), "Metropolis"),
                        new Reservation.Line(SUNRISE, 1, new Money(500, "EUR"), "Sunrise"));
        assertThat(sent).singleElement().satisfies(request -> {
            assertThat(request.line()).isEqualTo("PUT /api/reservations/" + ORDER);
            assertThat(request.authorization()).isEqualTo("Bearer token-1");
            JsonNode body = JsonMapper.builder().build().readTree(request.body());
            assertThat(body.path("expiresInSeconds").intValue()).isEqualTo(7200);
            assertThat(body.path("lines").size()).isEqualTo(2);
            assertThat(body.path("lines").get(0).path("filmId").stringValue()).isEqualTo(METROPOLIS.toString());
            assertThat(body.path("lines").get(0).path("quantity").intValue()).isEqualTo(2);
        });
    }

    @Test
    void readsATombstoneWithoutLines() {
        willAnswer(
                200, "{\"orderId\": \"" + ORDER + "\", \"state\": \"RELEASED\", \"lines\": [], \"expiresAt\": null}");

        Reservation reservation = client().release(ORDER);

        assertThat(reservation.state()).isEqualTo(Reservation.State.RELEASED);
        assertThat(reservation.lines()).isEmpty();
        assertThat(sent).extracting(Sent::line).containsExactly("POST /api/reservations/" + ORDER + "/release");
    }

    @Test
    void confirms() {
        willAnswer(200, HELD.replace("HELD", "CONFIRMED"));

        assertThat(client().confirm(ORDER).state()).isEqualTo(Reservation.State.CONFIRMED);
        assertThat(sent).extracting(Sent::line).containsExactly("POST /api/reservations/" + ORDER + "/confirm");
    }

    @Test
    void namesTheFilmsThatAreShort() {
        willRefuse(409, "insufficient-stock", "lines[1].quantity");

        InsufficientStock shortage =
                catchThrowableOfType(InsufficientStock.class, () -> client().reserve(ORDER, LINES));

        assertThat(shortage.filmIds()).containsExactly(SUNRISE);
    }

    @Test
    void namesTheFilmsThatAreUnknown() {
        willRefuse(409, "unknown-film", "lines[0].filmId");

        UnknownFilm unknown = catchThrowableOfType(UnknownFilm.class, () -> client().reserve(ORDER, LINES));

        assertThat(unknown.filmIds()).containsExactly(METROPOLIS);
    }

    @Test
    void tellsAConflictFromAShortage() {
        willRefuse(409, "conflict", "orderId");
        willRefuse(409, "conflict", "orderId");
        willRefuse(409, "conflict", "orderId");

        InventoryClient client = client();

        assertThatExceptionOfType(ReservationConflict.class).isThrownBy(() -> client.reserve(ORDER, LINES));
        assertThatExceptionOfType(ReservationConflict.class).isThrownBy(() -> client.confirm(ORDER));
        assertThatExceptionOfType(ReservationConflict.class).isThrownBy(() -> client.release(ORDER));
    }

    @Test
    void quotesAFilmWithoutAToken() {
        willAnswer(200, """
                {"id": "%s", "title": "Metropolis", "year": 1927, "genres": ["science-fiction"], "version": 3,
                 "price": {"amountMinor": 999, "currency": "EUR"}}""".formatted(METROPOLIS));

        assertThat(client().film(METROPOLIS)).isEqualTo(new FilmQuote(METROPOLIS, "Metropolis", new Money(999, "EUR")));
        assertThat(sent).singleElement().satisfies(request -> {
            assertThat(request.line()).isEqualTo("GET /api/films/" + METROPOLIS);
            assertThat(request.authorization()).isNull();
        });
    }

    @Test
    void tellsAnUnknownFilmFromAWrongAddress() {
        willRefuse(404, "not-found", "id");
        answers.add(new Answer(404, "text/html", "<html>nothing here</html>"));

        InventoryClient client = client();

        assertThatExceptionOfType(FilmNotFound.class).isThrownBy(() -> client.film(METROPOLIS));
        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client.film(METROPOLIS));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid-request",
        "403, forbidden",
        "404, not-found",
        "409, precondition-failed",
        "429, too-many-requests",
        "500, internal-error",
        "503, service-unavailable"
    })
    void repeatsLaterWhatIsNoFinalAnswer(int status, String slug) {
        willRefuse(status, slug, "x");

        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client().reserve(ORDER, LINES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "<html>",
                "{\"state\": \"HELD\", \"lines\": []}",
                "{\"orderId\": \"0199d3a0-0000-7000-8000-000000000001\", \"state\": \"SOLD\", \"lines\": []}",
                "{\"orderId\": \"0199d3a0-0000-7000-8000-000000000001\", \"state\": \"HELD\"}",
                "{\"orderId\": \"0199d3a0-0000-7000-8000-000000000001\", \"state\": \"HELD\", \"lines\": [{}]}"
            })
    void takesAnAnswerItCannotReadForNone(String body) {
        willAnswer(200, body);

        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client().reserve(ORDER, LINES));
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "0, 1", "86400, 60", "soon, 2", "-1, 2"})
    void waitsAsLongAsInventoryAsksWithinReason(String header, int seconds) {
        answers.add(new Answer(503, "application/problem+json", "{}", header));

        InventoryUnavailable unavailable =
                catchThrowableOfType(InventoryUnavailable.class, () -> client().confirm(ORDER));

        assertThat(unavailable.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void givesUpOnASlowAnswer() {
        silent = true;
        InventoryClient client = client();
        Instant start = Instant.now();

        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client.film(METROPOLIS));
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(400), Duration.ofSeconds(3));
    }

    @Test
    void isUnavailableWhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }

        InventoryClient client = client("http://127.0.0.1:" + port, 32);

        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client.film(METROPOLIS));
    }

    @Test
    void asksForOneTokenForManyCalls() {
        willAnswer(201, HELD);
        willAnswer(200, HELD);
        willAnswer(200, HELD);
        InventoryClient client = client();

        client.reserve(ORDER, LINES);
        client.confirm(ORDER);
        client.release(ORDER);

        assertThat(tokens).hasValue(1);
    }

    @Test
    void takesANewTokenWhenTheOldOneIsRefused() {
        willAnswer(201, HELD);
        willRefuse(401, "unauthenticated", "x");
        willAnswer(200, HELD);
        InventoryClient client = client();
        client.reserve(ORDER, LINES);

        client.reserve(ORDER, LINES);

        assertThat(sent)
                .extracting(Sent::authorization)
                .containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
    }

    @Test
    void asksTwiceAtMostWhenEveryTokenIsRefused() {
        willRefuse(401, "unauthenticated", "x");
        willRefuse(401, "unauthenticated", "x");

        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client().reserve(ORDER, LINES));
        assertThat(sent).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 500, 503})
    void isUnavailableWithoutAToken(int status) {
        tokenStatus = status;

        assertThatExceptionOfType(InventoryUnavailable.class).isThrownBy(() -> client().reserve(ORDER, LINES));
        assertThat(sent).isEmpty();
    }

    @Test
    void letsNoMoreCallsInThanAgreed() throws Exception {
        silent = true;
        InventoryClient client = client(address(), 1);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> client.film(METROPOLIS));
            await().until(() -> !sent.isEmpty());

            assertThatExceptionOfType(InventoryUnavailable.class)
                    .isThrownBy(() -> client.film(METROPOLIS))
                    .withMessageContaining("Too many calls");

            willQuote();
            released.countDown();
            assertThat(first.get().title()).isEqualTo("Metropolis");
        }
        willQuote();
        assertThat(client.film(METROPOLIS).title()).isEqualTo("Metropolis");
    }

    private InventoryClient client() {
        return client(address(), 32);
    }

    private InventoryClient client(String baseUrl, int maxConcurrent) {
        var registrations = new InMemoryClientRegistrationRepository(ClientRegistration.withRegistrationId("inventory")
                .clientId("billing-service")
                .clientSecret("test")
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scope("stock.reserve")
                .tokenUri(address() + "/oauth2/token")
                .build());
        return new InventoryConfiguration()
                .inventoryClient(
                        new InventoryProperties(
                                URI.create(baseUrl),
                                Duration.ofMillis(500),
                                Duration.ofMillis(500),
                                maxConcurrent,
                                Duration.ofMillis(50),
                                Duration.ofHours(2)),
                        RestClient.builder(),
                        registrations,
                        new InMemoryOAuth2AuthorizedClientService(registrations));
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void willAnswer(int status, String body) {
        answers.add(new Answer(status, "application/json", body));
    }

    private void willQuote() {
        willAnswer(
                200,
                "{\"id\": \"" + METROPOLIS
                        + "\", \"title\": \"Metropolis\", \"price\": {\"amountMinor\": 1, \"currency\": \"EUR\"}}");
    }

    private void willRefuse(int status, String slug, String field) {
        answers.add(new Answer(status, "application/problem+json", """
                {"type": "https://gatehouse.dev/problems/%s", "title": "Refused", "status": %d, "detail": "Because.",
                 "errors": [{"field": "%s", "code": "x", "message": "x"}]}""".formatted(slug, status, field)));
    }

    private void token(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String body = tokenStatus == 200
                ? "{\"access_token\": \"token-" + tokens.incrementAndGet()
                        + "\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"
                : "{\"error\": \"invalid_client\"}";
        send(exchange, new Answer(tokenStatus, "application/json", body));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        sent.add(new Sent(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                body));
        if (silent) {
            waitForRelease();
        }
        Answer answer;
        synchronized (answers) {
            answer = answers.poll();
        }
        send(exchange, answer == null ? new Answer(503, "text/plain", "nothing planned") : answer);
    }

    private void waitForRelease() throws IOException {
        try {
            if (!released.await(30, TimeUnit.SECONDS)) {
                throw new IOException("never released");
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (answer.retryAfter() != null) {
            exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private record Sent(String line, String authorization, String body) {}

    private record Answer(int status, String type, String body, String retryAfter) {
        Answer(int status, String type, String body) {
            this(status, type, body, null);
        }
    }
}
