package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import dev.gatehouse.inventory.stock.ReservationService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@IntegrationTest
class ReservationIT {

    @Autowired
    Caller caller;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ReservationService reservations;

    @Autowired
    TransactionTemplate transaction;

    private final UUID order = UUID.randomUUID();

    @Test
    void holdsConfirmsAndRemembersThePrice() {
        UUID film = film(10);

        Answer held = reserve(order, lines(film, 4));

        assertThat(held.status()).isEqualTo(201);
        assertThat(held.json().path("state").asString()).isEqualTo("HELD");
        JsonNode line = held.json().at("/lines/0");
        assertThat(line.path("filmId").asString()).isEqualTo(film.toString());
        assertThat(line.path("quantity").asInt()).isEqualTo(4);
        assertThat(line.path("title").asString()).isEqualTo("Reserved");
        assertThat(line.at("/unitPrice/amountMinor").asInt()).isEqualTo(500);
        assertThat(line.at("/unitPrice/currency").asString()).isEqualTo("EUR");
        assertThat(stock(film)).isEqualTo("6 available, 4 reserved");

        caller.patch("/api/films/" + film, "{\"price\": {\"amountMinor\": 900}}")
                .asEditor()
                .header("If-Match", "*")
                .send();
        Answer confirmed = post(order, "confirm");

        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(confirmed.json().path("state").asString()).isEqualTo("CONFIRMED");
        assertThat(confirmed.json().at("/lines/0/unitPrice/amountMinor").asInt())
                .isEqualTo(500);
        assertThat(stock(film)).isEqualTo("6 available, 0 reserved");
        assertThat(post(order, "confirm").json()).isEqualTo(confirmed.json());
        assertThat(stock(film)).isEqualTo("6 available, 0 reserved");
        assertThat(get(order).json()).isEqualTo(confirmed.json());
    }

    @Test
    void readsThePriceOfNowWhateverTheCacheHolds() {
        UUID film = film(10);
        caller.get("/api/films/" + film).send();
        jdbc.sql("UPDATE films SET price_minor = 777 WHERE id = ?").param(film).update();

        assertThat(caller.get("/api/films/" + film)
                        .send()
                        .json()
                        .at("/price/amountMinor")
                        .asInt())
                .isEqualTo(500);
        assertThat(reserve(order, lines(film, 1))
                        .json()
                        .at("/lines/0/unitPrice/amountMinor")
                        .asInt())
                .isEqualTo(777);
    }

    @Test
    void answersARepetitionWithTheReservationAsItIs() {
        UUID a = film(10);
        UUID b = film(10);
        Answer first = reserve(order, lines(a, 1, b, 2));

        Answer again = reserve(order, lines(b, 2, a, 1));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(stock(a)).isEqualTo("9 available, 1 reserved");

        post(order, "confirm");

        assertThat(reserve(order, lines(a, 1, b, 2)).json().path("state").asString())
                .isEqualTo("CONFIRMED");
        assertThat(stock(b)).isEqualTo("8 available, 0 reserved");
    }

    @Test
    void refusesOtherLinesForTheSameOrder() {
        UUID film = film(10);
        reserve(order, lines(film, 1));

        Answer other = reserve(order, lines(film, 2));

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.problem()).isEqualTo("conflict");
        assertThat(stock(film)).isEqualTo("9 available, 1 reserved");
    }

    @Test
    void holdsNothingWhenOneLineCannotBe() {
        UUID enough = film(10);
        UUID few = film(1);
        UUID none = film(0);

        Answer answer = reserve(order, lines(few, 2, enough, 1, none, 1));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("insufficient-stock");
        assertThat(answer.errors())
                .containsExactlyInAnyOrder(
                        "lines[0].quantity:insufficient-stock", "lines[2].quantity:insufficient-stock");
        assertThat(answer.body()).contains(few.toString(), none.toString());
        assertThat(stock(enough)).isEqualTo("10 available, 0 reserved");
        assertThat(get(order).status()).isEqualTo(404);

        // Not a decision for ever: with new stock the same order may try again.
        adjust(few, 5);
        adjust(none, 5);
        assertThat(reserve(order, lines(few, 2, enough, 1, none, 1)).status()).isEqualTo(201);
    }

    @Test
    void namesTheFilmsThatAreNotInTheCatalogue() {
        UUID film = film(10);
        UUID unknown = UUID.randomUUID();

        Answer answer = reserve(order, lines(film, 1, unknown, 1));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("unknown-film");
        assertThat(answer.errors()).containsExactly("lines[1].filmId:unknown-film");
        assertThat(stock(film)).isEqualTo("10 available, 0 reserved");
    }

    @Test
    void givesBackOnce() {
        UUID film = film(10);
        reserve(order, lines(film, 4));

        Answer released = post(order, "release");

        assertThat(released.status()).isEqualTo(200);
        assertThat(released.json().path("state").asString()).isEqualTo("RELEASED");
        assertThat(stock(film)).isEqualTo("10 available, 0 reserved");
        assertThat(post(order, "release").json()).isEqualTo(released.json());
        assertThat(stock(film)).isEqualTo("10 available, 0 reserved");
        assertThat(post(order, "confirm").problem()).isEqualTo("conflict");
    }

    @Test
    void holdsNothingAfterAReleaseThatCameFirst() {
        UUID film = film(10);

        Answer early = post(order, "release");
        Answer late = reserve(order, lines(film, 4));

        assertThat(early.status()).isEqualTo(200);
        assertThat(early.json().path("state").asString()).isEqualTo("RELEASED");
        assertThat(early.json().path("lines").isEmpty()).isTrue();
        assertThat(early.json().path("expiresAt").isNull()).isTrue();
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.json()).isEqualTo(early.json());
        assertThat(stock(film)).isEqualTo("10 available, 0 reserved");
    }

    @Test
    void refusesToReleaseWhatIsSold() {
        UUID film = film(10);
        reserve(order, lines(film, 4));
        post(order, "confirm");

        Answer answer = post(order, "release");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("conflict");
        assertThat(stock(film)).isEqualTo("6 available, 0 reserved");
    }

    @Test
    void knowsNothingOfUnknownOrders() {
        assertThat(get(order).problem()).isEqualTo("not-found");
        assertThat(post(order, "confirm").problem()).isEqualTo("not-found");
    }

    @Test
    void readsTheReservationsOfSeveralOrdersAtOnce() {
        UUID film = film(10);
        UUID other = UUID.randomUUID();
        reserve(order, lines(film, 4));
        post(order, "confirm");
        post(other, "release");

        Answer answer = list(order + "," + UUID.randomUUID() + "," + other);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("items"))
                .containsExactlyInAnyOrder(get(order).json(), get(other).json());
    }

    @ParameterizedTest
    @CsvSource({
        "'', orderIds:required",
        "x, orderIds:malformed",
        "019b7700-0000-7000-8000-000000000000;, orderIds:malformed"
    })
    void namesWhatIsWrongWithAListOfOrders(String ids, String error) {
        assertThat(list(ids).errors()).containsExactly(error);
    }

    @Test
    void readsAHundredReservationsAtMost() {
        assertThat(list(ids(100)).status()).isEqualTo(200);
        assertThat(list(ids(101)).errors()).containsExactly("orderIds:too-many");
    }

    /** Not 409: who asks for stock takes that for a final answer. */
    @Test
    void asksWhoLosesARaceForAKeyToComeAgain() throws Exception {
        UUID film = film(0);
        CompletableFuture<Answer> refused = Objects.requireNonNull(transaction.execute(status -> {
            jdbc.sql("INSERT INTO stock_levels (film_id, available) VALUES (?, 5)")
                    .param(film)
                    .update();
            CompletableFuture<Answer> deletion = CompletableFuture.supplyAsync(() -> delete(film));
            Awaitility.await().until(() -> jdbc.sql("""
                            SELECT count(*) FROM pg_stat_activity
                            WHERE wait_event_type = 'Lock' AND datname = current_database()""").query(Long.class).single() > 0);
            return deletion;
        }));

        assertThat(refused.get().status()).isEqualTo(503);
        assertThat(refused.get().problem()).isEqualTo("service-unavailable");
        assertThat(refused.get().header("Retry-After")).isEqualTo("1");
        assertThat(delete(film).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; lines:required",
                "{\"lines\": []}; lines:too-few",
                "{\"lines\": [{\"filmId\": \"x\", \"quantity\": 1}]}; lines[0].filmId:malformed",
                "{\"lines\": [{\"filmId\": \"019b7700-0000-7000-8000-000000000000\", \"quantity\": 0}]}; lines[0].quantity:out-of-range",
                "{\"lines\": [{\"filmId\": \"019b7700-0000-7000-8000-000000000000\", \"quantity\": 1001}]}; lines[0].quantity:out-of-range",
                "{\"lines\": [{\"filmId\": \"019b7700-0000-7000-8000-000000000000\", \"quantity\": 1, \"price\": 1}]}; lines[0].price:unknown-field",
                "{\"lines\": [{\"filmId\": \"019b7700-0000-7000-8000-000000000000\", \"quantity\": 1}], \"expiresInSeconds\": 59}; expiresInSeconds:out-of-range",
                "{\"lines\": [{\"filmId\": \"019b7700-0000-7000-8000-000000000000\", \"quantity\": 1}, {\"filmId\": \"019B7700-0000-7000-8000-000000000000\", \"quantity\": 1}]}; lines[1].filmId:repeated"
            })
    void namesWhatIsWrongWithARequest(String body, String error) {
        Answer answer = reserve(order, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly(error);
    }

    @Test
    void refusesToDeleteAFilmWithHeldCopies() {
        UUID film = film(10);
        reserve(order, lines(film, 1));

        Answer refused = caller.delete("/api/films/" + film)
                .asEditor()
                .header("If-Match", "*")
                .send();

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("conflict");
        post(order, "confirm");
        assertThat(caller.delete("/api/films/" + film)
                        .asEditor()
                        .header("If-Match", "*")
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(get(order).json().at("/lines/0/title").asString()).isEqualTo("Reserved");
    }

    @Test
    void givesBackWhatNobodyDecidedOnInTime() {
        UUID film = film(10);
        reserve(order, lines(film, 4));
        jdbc.sql("UPDATE reservations SET expires_at = now() - interval '1 second' WHERE order_id = ?")
                .param(order)
                .update();

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(get(order).json().path("state").asString()).isEqualTo("EXPIRED"));

        assertThat(stock(film)).isEqualTo("10 available, 0 reserved");
        assertThat(post(order, "confirm").problem()).isEqualTo("conflict");
        assertThat(post(order, "release").json().path("state").asString()).isEqualTo("EXPIRED");
        assertThat(reserve(order, lines(film, 4)).json().path("state").asString())
                .isEqualTo("EXPIRED");
        assertThat(stock(film)).isEqualTo("10 available, 0 reserved");
    }

    @Test
    void expiresEachOnceHoweverManySweep() throws Exception {
        UUID a = film(100);
        UUID b = film(100);
        List<UUID> orders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orders.add(UUID.randomUUID());
            reserve(orders.get(i), i % 2 == 0 ? lines(a, 1, b, 1) : lines(b, 1, a, 1));
        }
        jdbc.sql("UPDATE reservations SET expires_at = now() - interval '1 second' WHERE order_id = ANY(?)")
                .param(orders.toArray(UUID[]::new))
                .update();

        inParallel(6, () -> {
            while (reservations.expireOne()) {}
            return null;
        });

        assertThat(stock(a)).isEqualTo("100 available, 0 reserved");
        assertThat(stock(b)).isEqualTo("100 available, 0 reserved");
        assertThat(orders)
                .allSatisfy(id ->
                        assertThat(get(id).json().path("state").asString()).isEqualTo("EXPIRED"));
    }

    @Test
    void sellsTheLastCopiesOnceEach() throws Exception {
        UUID a = film(10);
        UUID b = film(10);
        AtomicInteger won = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();

        List<Answer> answers = inParallel(40, () -> {
            UUID id = UUID.randomUUID();
            // Opposite orders: without a lock order this is a deadlock machine.
            Answer answer = reserve(id, ThreadNumber.next() % 2 == 0 ? lines(a, 1, b, 1) : lines(b, 1, a, 1));
            (answer.status() == 201 ? won : lost).incrementAndGet();
            return answer;
        });

        assertThat(won).hasValue(10);
        assertThat(lost).hasValue(30);
        assertThat(answers.stream().filter(answer -> answer.status() != 201))
                .allSatisfy(answer -> assertThat(answer.problem()).isEqualTo("insufficient-stock"));
        assertThat(stock(a)).isEqualTo("0 available, 10 reserved");
        assertThat(stock(b)).isEqualTo("0 available, 10 reserved");
    }

    @Test
    void makesOneReservationOfManyEqualRequests() throws Exception {
        UUID film = film(100);

        List<Answer> answers = inParallel(16, () -> reserve(order, lines(film, 3)));

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201);
        assertThat(answers).extracting(Answer::status).containsOnly(200, 201);
        assertThat(stock(film)).isEqualTo("97 available, 3 reserved");
    }

    @Test
    void neverConfirmsAndReleasesTheSame() throws Exception {
        UUID film = film(100);
        for (int round = 0; round < 10; round++) {
            UUID id = UUID.randomUUID();
            reserve(id, lines(film, 1));

            List<Answer> answers = inParallel(8, () -> post(id, ThreadNumber.next() % 2 == 0 ? "confirm" : "release"));

            assertThat(answers.stream()
                            .filter(answer -> answer.status() == 200)
                            .map(answer -> answer.json().path("state").asString())
                            .distinct())
                    .hasSize(1);
        }
        long confirmed = jdbc.sql(
                        "SELECT count(*) FROM reservations r JOIN reservation_lines l USING (order_id) WHERE film_id = ? AND state = 'CONFIRMED'")
                .param(film)
                .query(Long.class)
                .single();
        assertThat(stock(film)).isEqualTo((100 - confirmed) + " available, 0 reserved");
    }

    /** Alternates between the tasks that run at the same time. */
    private static final class ThreadNumber {

        private static final AtomicInteger NUMBER = new AtomicInteger();

        static int next() {
            return NUMBER.getAndIncrement();
        }
    }

    private static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(Collections.nCopies(threads, task))) {
                results.add(future.get());
            }
            return results;
        }
    }

    private UUID film(long stock) {
        String path = caller.post("/api/films", Films.minimal("Reserved"))
                .asEditor()
                .send()
                .header("Location");
        UUID film = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
        if (stock > 0) {
            adjust(film, stock);
        }
        return film;
    }

    private void adjust(UUID film, long delta) {
        Answer adjusted = caller.post(
                        "/api/films/" + film + "/stock/adjustments",
                        StockIT.adjustment(UUID.randomUUID(), delta, "delivery"))
                .asEditor()
                .send();
        assertThat(adjusted.status()).isEqualTo(200);
    }

    private Answer delete(UUID film) {
        return caller.delete("/api/films/" + film)
                .asEditor()
                .header("If-Match", "*")
                .send();
    }

    private Answer list(String ids) {
        return caller.get("/api/reservations?orderIds=" + ids).asEditor().send();
    }

    private static String ids(int count) {
        return Stream.generate(UUID::randomUUID)
                .limit(count)
                .map(UUID::toString)
                .collect(Collectors.joining(","));
    }

    private Answer reserve(UUID id, String body) {
        return caller.put("/api/reservations/" + id, body).asEditor().send();
    }

    private Answer post(UUID id, String action) {
        return caller.call("POST", "/api/reservations/" + id + "/" + action)
                .asEditor()
                .send();
    }

    private Answer get(UUID id) {
        return caller.get("/api/reservations/" + id).asEditor().send();
    }

    private String stock(UUID film) {
        JsonNode level = caller.get("/api/films/" + film + "/stock").send().json();
        return level.path("available").asLong() + " available, "
                + level.path("reserved").asLong() + " reserved";
    }

    private static String lines(Object... filmsAndQuantities) {
        StringBuilder json = new StringBuilder("{\"lines\": [");
        for (int i = 0; i < filmsAndQuantities.length; i += 2) {
            json.append(i == 0 ? "" : ", ")
                    .append("{\"filmId\": \"")
                    .append(filmsAndQuantities[i])
                    .append("\", \"quantity\": ")
                    .append(filmsAndQuantities[i + 1])
                    .append('}');
        }
        return json.append("]}").toString();
    }
}
