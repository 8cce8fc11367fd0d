package dev.gatehouse.billing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Stands for the inventory service, which is outside this module: the part of its HTTP contract that billing uses. */
public final class InventoryStub {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<UUID, Film> films = new ConcurrentHashMap<>();
    private final Map<UUID, Held> reservations = new ConcurrentHashMap<>();
    private final HttpServer server;
    private volatile boolean down;
    private volatile Runnable beforeReserve = () -> {};
    private volatile Runnable afterConfirm = () -> {};

    private InventoryStub(HttpServer server) {
        this.server = server;
    }

    public static InventoryStub start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            InventoryStub stub = new InventoryStub(server);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", stub::answer);
            server.start();
            return stub;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Adds a film with that many copies at that price in euro cents. */
    public UUID film(int copies, long priceMinor) {
        UUID id = UUID.randomUUID();
        films.put(id, new Film(copies, priceMinor));
        return id;
    }

    public void price(UUID film, long priceMinor) {
        films.computeIfPresent(film, (id, old) -> new Film(old.available, priceMinor));
    }

    public int available(UUID film) {
        return films.get(film).available;
    }

    /** The reservation's state, {@code NONE} when there is none. */
    public String state(UUID orderId) {
        Held held = reservations.get(orderId);
        return held == null ? "NONE" : held.state;
    }

    /** While down, every request is answered 503. */
    public void down(boolean yes) {
        down = yes;
    }

    /** Runs before a reservation is made, on the request's thread. */
    public void beforeReserve(Runnable action) {
        beforeReserve = action;
    }

    /** Runs after a confirmation took effect and before it is answered. */
    public void afterConfirm(Runnable action) {
        afterConfirm = action;
    }

    public void expire(UUID orderId) {
        reservations.computeIfPresent(orderId, (id, held) -> giveBack(held, "EXPIRED"));
    }

    /** As if the order had never been here. */
    public void forget(UUID orderId) {
        reservations.remove(orderId);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/");
            if (down) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                problem(exchange, 503, "service-unavailable", List.of());
            } else if (path.length == 4 && path[2].equals("films")) {
                film(exchange, UUID.fromString(path[3]));
            } else if (!exchange.getRequestHeaders().containsKey("Authorization")) {
                problem(exchange, 401, "unauthenticated", List.of());
            } else if (path.length == 3) {
                list(exchange);
            } else if (exchange.getRequestMethod().equals("PUT")) {
                beforeReserve.run();
                reserve(exchange, UUID.fromString(path[3]));
            } else if (path.length == 5 && path[4].equals("confirm")) {
                confirm(exchange, UUID.fromString(path[3]));
            } else if (path.length == 5 && path[4].equals("release")) {
                release(exchange, UUID.fromString(path[3]));
            } else {
                problem(exchange, 404, "not-found", List.of());
            }
        }
    }

    private void film(HttpExchange exchange, UUID id) throws IOException {
        Film film = films.get(id);
        if (film == null) {
            problem(exchange, 404, "not-found", List.of());
            return;
        }
        send(exchange, 200, "application/json", """
                {"id": "%s", "title": "Film %s", "year": 1999, "genres": ["drama"], "price": {"amountMinor": %d, "currency": "EUR"},
                 "version": 1}""".formatted(id, id, film.priceMinor));
    }

    private synchronized void list(HttpExchange exchange) throws IOException {
        String[] asked = exchange.getRequestURI()
                .getQuery()
                .replaceFirst("orderIds=", "")
                .split(",");
        String items = Stream.of(asked)
                .map(UUID::fromString)
                .filter(reservations::containsKey)
                .map(id -> document(id, reservations.get(id)))
                .collect(Collectors.joining(", "));
        send(exchange, 200, "application/json", "{\"items\": [" + items + "]}");
    }

    private synchronized void reserve(HttpExchange exchange, UUID orderId) throws IOException {
        List<Line> lines = new ArrayList<>();
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        body.path("lines")
                .forEach(line -> lines.add(new Line(
                        UUID.fromString(line.path("filmId").stringValue()),
                        line.path("quantity").intValue())));
        Held known = reservations.get(orderId);
        if (known != null) {
            if (!known.lines.isEmpty() && !known.lines.equals(lines)) {
                problem(exchange, 409, "conflict", List.of());
            } else {
                reservation(exchange, 200, orderId, known);
            }
            return;
        }
        List<UUID> unknown = lines.stream()
                .map(Line::filmId)
                .filter(id -> !films.containsKey(id))
                .toList();
        if (!unknown.isEmpty()) {
            problem(exchange, 409, "unknown-film", unknown);
            return;
        }
        List<UUID> scarce = lines.stream()
                .filter(line -> films.get(line.filmId).available < line.quantity)
                .map(Line::filmId)
                .toList();
        if (!scarce.isEmpty()) {
            problem(exchange, 409, "insufficient-stock", scarce);
            return;
        }
        lines.forEach(line -> films.computeIfPresent(
                line.filmId, (id, film) -> new Film(film.available - line.quantity, film.priceMinor)));
        Held held = new Held("HELD", lines);
        reservations.put(orderId, held);
        reservation(exchange, 201, orderId, held);
    }

    private synchronized void confirm(HttpExchange exchange, UUID orderId) throws IOException {
        Held held = reservations.get(orderId);
        if (held == null || held.state.equals("RELEASED") || held.state.equals("EXPIRED")) {
            problem(exchange, held == null ? 404 : 409, held == null ? "not-found" : "conflict", List.of());
            return;
        }
        Held confirmed = new Held("CONFIRMED", held.lines);
        reservations.put(orderId, confirmed);
        afterConfirm.run();
        reservation(exchange, 200, orderId, confirmed);
    }

    private synchronized void release(HttpExchange exchange, UUID orderId) throws IOException {
        Held held = reservations.getOrDefault(orderId, new Held("RELEASED", List.of()));
        if (held.state.equals("CONFIRMED")) {
            problem(exchange, 409, "conflict", List.of());
            return;
        }
        Held released = giveBack(held, "RELEASED");
        reservations.put(orderId, released);
        reservation(exchange, 200, orderId, released);
    }

    private Held giveBack(Held held, String state) {
        if (held.state.equals("HELD")) {
            held.lines.forEach(line -> films.computeIfPresent(
                    line.filmId, (id, film) -> new Film(film.available + line.quantity, film.priceMinor)));
        }
        return new Held(state, held.lines);
    }

    private void reservation(HttpExchange exchange, int status, UUID orderId, Held held) throws IOException {
        send(exchange, status, "application/json", document(orderId, held));
    }

    private String document(UUID orderId, Held held) {
        String lines = held.lines.stream()
                .map(line -> """
                        {"filmId": "%s", "quantity": %d, "unitPrice": {"amountMinor": %d, "currency": "EUR"}, "title": "Film %s"}""".formatted(line.filmId, line.quantity, films.get(line.filmId).priceMinor, line.filmId))
                .collect(Collectors.joining(", "));
        return """
                {"orderId": "%s", "state": "%s", "lines": [%s], "expiresAt": "%s"}""".formatted(orderId, held.state, lines, Instant.now().plusSeconds(7200));
    }

    private static void problem(HttpExchange exchange, int status, String slug, List<UUID> films) throws IOException {
        String errors = films.stream()
                .map(id -> "{\"field\": \"lines\", \"code\": \"" + slug + "\", \"message\": \"" + id + "\"}")
                .collect(Collectors.joining(", "));
        send(exchange, status, "application/problem+json", """
                {"type": "https://gatehouse.dev/problems/%s", "title": "Refused", "status": %d, "detail": "Refused.",
                 "errors": [%s]}""".formatted(slug, status, errors));
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private record Film(int available, long priceMinor) {}

    private record Line(UUID filmId, int quantity) {}

    private record Held(String state, List<Line> lines) {}
}
