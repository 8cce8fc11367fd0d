package dev.gatehouse.billing.inventory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;

/**
 * Inventory's HTTP API as billing uses it. Every operation is idempotent and may be repeated after {@link
 * InventoryUnavailable}; none may run inside a database transaction.
 */
public class InventoryClient {

    private static final String RESERVATION = "/api/reservations/{orderId}";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final long LONGEST_RETRY_AFTER_SECONDS = 60;

    private final RestClient anonymous;
    private final RestClient authorized;
    private final Semaphore turns;
    private final Duration maxWait;
    private final Duration reservationDuration;

    InventoryClient(RestClient anonymous, RestClient authorized, InventoryProperties properties) {
        this.anonymous = anonymous;
        this.authorized = authorized;
        this.turns = new Semaphore(properties.maxConcurrent());
        this.maxWait = properties.maxWait();
        this.reservationDuration = properties.reservationDuration();
    }

    /**
     * Holds stock of all lines for the order, or of none.
     *
     * @return the reservation with the prices inventory asks; state RELEASED when the order was released before
     * @throws InsufficientStock final
     * @throws UnknownFilm final
     * @throws ReservationConflict final: the order id already holds other lines
     * @throws InventoryUnavailable transient or unknown
     */
    public Reservation reserve(UUID orderId, List<ReservationLine> lines) {
        ReserveStockRequest request = new ReserveStockRequest(lines, reservationDuration.toSeconds());
        return call(
                () -> authorized.put().uri(RESERVATION, orderId).body(request),
                Reservation.class,
                problem -> switch (problem.type()) {
                    case InventoryProblem.INSUFFICIENT_STOCK ->
                        new InsufficientStock(problem.description(), problem.films(lines));
                    case InventoryProblem.UNKNOWN_FILM -> new UnknownFilm(problem.description(), problem.films(lines));
                    case InventoryProblem.CONFLICT -> new ReservationConflict(problem.description());
                    case null, default -> null;
                });
    }

    /**
     * Turns held stock into sold stock.
     *
     * @throws ReservationConflict final: released or expired before
     * @throws InventoryUnavailable transient or unknown
     */
    public Reservation confirm(UUID orderId) {
        return settle(orderId, "/confirm");
    }

    /**
     * Gives held stock back; an order that was never reserved is marked so that a late reservation holds nothing.
     *
     * @throws ReservationConflict final: confirmed before
     * @throws InventoryUnavailable transient or unknown
     */
    public Reservation release(UUID orderId) {
        return settle(orderId, "/release");
    }

    private Reservation settle(UUID orderId, String operation) {
        return call(
                () -> authorized.post().uri(RESERVATION + operation, orderId),
                Reservation.class,
                problem ->
                        problem.is(InventoryProblem.CONFLICT) ? new ReservationConflict(problem.description()) : null);
    }

    /**
     * The reservations of the orders that have one.
     *
     * @param orderIds at most 100
     * @throws InventoryUnavailable transient or unknown
     */
    public List<ReservationState> reservations(List<UUID> orderIds) {
        String ids = orderIds.stream().map(UUID::toString).collect(Collectors.joining(","));
        return call(
                        () -> authorized.get().uri("/api/reservations?orderIds={ids}", ids),
                        ReservationList.class,
                        problem -> null)
                .items();
    }

    /**
     * A film's title and price now.
     *
     * @throws FilmNotFound final
     * @throws InventoryUnavailable transient or unknown
     */
    public FilmQuote film(UUID filmId) {
        // The catalogue is public: no token, so that an absent issuer does not empty the shop.
        FilmResponse film = call(
                () -> anonymous.get().uri("/api/films/{filmId}", filmId),
                FilmResponse.class,
                problem -> problem.is(InventoryProblem.NOT_FOUND) ? new FilmNotFound(filmId) : null);
        return new FilmQuote(film.id(), film.title(), film.price());
    }

    private <T> T call(
            Supplier<RequestHeadersSpec<?>> request,
            Class<T> type,
            Function<InventoryProblem, @Nullable RuntimeException> finalAnswer) {
        takeTurn();
        try {
            T answer = exchange(request.get(), type, finalAnswer);
            // 401: the interceptor has dropped the token by now, so this one carries a new one.
            return answer != null ? answer : secondTry(request.get(), type, finalAnswer);
        } catch (OAuth2AuthorizationException noToken) {
            throw new InventoryUnavailable("The issuer gave no token for inventory", RETRY_AFTER, noToken);
        } catch (RestClientException failure) {
            throw new InventoryUnavailable("Inventory gave no usable answer", RETRY_AFTER, failure);
        } finally {
            turns.release();
        }
    }

    private static <T> T secondTry(
            RequestHeadersSpec<?> request,
            Class<T> type,
            Function<InventoryProblem, @Nullable RuntimeException> finalAnswer) {
        T answer = exchange(request, type, finalAnswer);
        if (answer == null) {
            throw new InventoryUnavailable("Inventory refuses this service's token", RETRY_AFTER, null);
        }
        return answer;
    }

    /** The answer, or null when the token was refused. */
    private static <T> @Nullable T exchange(
            RequestHeadersSpec<?> request,
            Class<T> type,
            Function<InventoryProblem, @Nullable RuntimeException> finalAnswer) {
        return request.exchange((sent, response) -> {
            if (response.getStatusCode().is2xxSuccessful()) {
                T body = response.bodyTo(type);
                if (body == null) {
                    throw new InventoryUnavailable("Inventory answered without a body", RETRY_AFTER, null);
                }
                return body;
            }
            if (response.getStatusCode().value() == HttpStatus.UNAUTHORIZED.value()) {
                return null;
            }
            RuntimeException answer = finalAnswer.apply(problem(response));
            throw answer != null ? answer : unavailable(response);
        });
    }

    private static InventoryProblem problem(ConvertibleClientHttpResponse response) {
        InventoryProblem problem = null;
        try {
            problem = response.bodyTo(InventoryProblem.class);
        } catch (RestClientException notAProblemDocument) {
            // A proxy's page or nothing at all: the status decides.
        }
        return problem == null ? new InventoryProblem(null, null, null) : problem;
    }

    private static InventoryUnavailable unavailable(ClientHttpResponse response) throws IOException {
        return new InventoryUnavailable(
                "Inventory answered with status " + response.getStatusCode().value(),
                retryAfter(response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)),
                null);
    }

    /** Seconds only; a date, or nonsense, counts as absent (RFC 9110 section 10.2.3). */
    private static Duration retryAfter(@Nullable String header) {
        if (header == null || !header.matches("\\d{1,9}")) {
            return RETRY_AFTER;
        }
        return Duration.ofSeconds(Math.clamp(Long.parseLong(header), 1, LONGEST_RETRY_AFTER_SECONDS));
    }

    private void takeTurn() {
        try {
            if (!turns.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new InventoryUnavailable("Too many calls to inventory are under way", RETRY_AFTER, null);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InventoryUnavailable("Interrupted while waiting for inventory", RETRY_AFTER, stopping);
        }
    }
}
