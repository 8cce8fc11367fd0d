package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.supervisor.Service;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a customer does, from browsing to a confirmed order, and what happens when something is in the way. */
class OrderJourneyIT {

    private final Caller anyone = Gatehouse.anyone();
    private final Caller customer = Gatehouse.customer();
    private final Caller manager = Gatehouse.manager();

    private String film = "";
    private int price;
    private String currency = "";

    @BeforeEach
    void aFilmWithTenCopies() {
        Caller.Answer created = manager.post("/api/films", """
                {"title": "Journey %s", "year": 1999, "genres": ["drama"],
                 "price": {"amountMinor": 1299, "currency": "EUR"}}""".formatted(UUID.randomUUID()));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        film = created.read("$.id");
        price = created.read("$.price.amountMinor");
        currency = created.read("$.price.currency");
        Caller.Answer stocked =
                manager.post("/api/films/" + film + "/stock/adjustments", """
                {"adjustmentId": "%s", "delta": 10, "reason": "delivery"}""".formatted(UUID.randomUUID()));
        assertThat(stocked.status()).as(stocked.body()).isEqualTo(200);
        // The first request of a fresh platform on a busy machine may be told to come back: 503 with Retry-After.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> customer.delete("/api/cart").status(), status -> status == 204);
    }

    @Test
    void customerBrowsesFillsTheCartOrdersPaysAndWatchesTheOrderEndConfirmed() {
        Caller.Answer shelf = anyone.get("/api/films/" + film);
        assertThat(shelf.status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> customer.put("/api/cart/items/" + film, "{\"quantity\": 2}")
                                .status(),
                        status -> status == 200);
        Caller.Answer cart = customer.get("/api/cart");
        assertThat(cart.<Integer>read("$.total.amountMinor")).isEqualTo(2 * price);

        Caller.Answer accepted =
                customer.post("/api/orders", "{\"paymentMethod\": \"pm_card_visa\"}", "Idempotency-Key", key());

        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        String order = accepted.header("Location");
        List<String> events = customer.stream(order + "/events").stream()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.replaceFirst(".*\"state\":\"([A-Z]+)\".*", "$1"))
                .toList();
        assertThat(events).containsExactly("PLACED", "RESERVED", "PAID", "CONFIRMED");
        Caller.Answer confirmed = customer.get(order);
        assertThat(confirmed.<String>read("$.state")).isEqualTo("CONFIRMED");
        assertThat(confirmed.<Integer>read("$.total.amountMinor")).isEqualTo(2 * price);
        assertThat(stock()).isEqualTo(8);
        assertThat(customer.get("/api/cart").<List<Object>>read("$.items")).isEmpty();
        assertThat(Gatehouse.capturesOf(idOf(order))).containsExactly(2L * price);
    }

    @Test
    void waitingForTheOutcomeAnswersTheConfirmedOrderAtOnce() {
        Caller.Answer confirmed = place(1, price, "pm_card_visa", key(), "Prefer", "wait=25");

        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        assertThat(confirmed.<String>read("$.state")).isEqualTo("CONFIRMED");
        assertThat(confirmed.header("Preference-Applied")).isEqualTo("wait=25");
    }

    @Test
    void declinedCardEndsRejectedAndTheStockIsBack() {
        Caller.Answer rejected = place(3, price, "pm_card_chargeDeclined", key(), "Prefer", "wait=25");

        assertThat(rejected.<String>read("$.state")).as(rejected.body()).isEqualTo("REJECTED");
        assertThat(rejected.<String>read("$.reason")).isEqualTo("payment-declined");
        assertThat(stock()).isEqualTo(10);
    }

    @Test
    void orderBeyondTheStockEndsRejectedAndNothingIsCharged() {
        Caller.Answer rejected = place(11, price, "pm_card_visa", key(), "Prefer", "wait=25");

        assertThat(rejected.<String>read("$.reason")).as(rejected.body()).isEqualTo("insufficient-stock");
        assertThat(stock()).isEqualTo(10);
        assertThat(Gatehouse.capturesOf(rejected.read("$.id"))).isEmpty();
    }

    @Test
    void priceTheCustomerDidNotSeeIsNeverCharged() {
        Caller.Answer rejected = place(1, 1, "pm_card_visa", key(), "Prefer", "wait=25");

        assertThat(rejected.<String>read("$.reason")).as(rejected.body()).isEqualTo("price-changed");
        assertThat(Gatehouse.capturesOf(rejected.read("$.id"))).isEmpty();
    }

    @Test
    void sameKeyTwiceMakesOneOrderAndOneCharge() {
        String key = key();
        Caller.Answer first = place(1, price, "pm_card_visa", key, "Prefer", "wait=25");
        Caller.Answer second = place(1, price, "pm_card_visa", key, "Prefer", "wait=25");

        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(Gatehouse.capturesOf(idOf(first.header("Location")))).hasSize(1);
        assertThat(stock()).isEqualTo(9);
    }

    @Test
    void anotherCustomerCannotSeeWatchOrCancelTheOrder() {
        String order = place(1, price, "pm_card_visa", key()).header("Location");
        Caller stranger = Gatehouse.otherCustomer();

        assertThat(stranger.get(order).status()).isEqualTo(404);
        assertThat(stranger.get(order + "/events").status()).isEqualTo(404);
        assertThat(stranger.post(order + "/cancellation", "").status()).isEqualTo(404);
        assertThat(Gatehouse.operator().get(order).status()).isEqualTo(200);
    }

    @Test
    void orderPlacedWhileInventoryIsKilledIsConfirmedAfterItsRestart() {
        Gatehouse.kill(Service.INVENTORY);
        Caller.Answer accepted = place(1, price, "pm_card_visa", key());
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);

        Gatehouse.start(Service.INVENTORY);

        endsConfirmed(accepted.header("Location"));
        assertThat(stock()).isEqualTo(9);
    }

    @Test
    void orderPlacedWhileTheBrokerIsDownIsConfirmedAfterItsRestart() {
        Gatehouse.stopBroker();
        Caller.Answer accepted = place(1, price, "pm_card_visa", key());
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);

        Gatehouse.startBroker();

        endsConfirmed(accepted.header("Location"));
    }

    @Test
    void orderSurvivesBillingKilledRightAfterItsAnswer() {
        Caller.Answer accepted = place(1, price, "pm_card_visa", key());
        Gatehouse.kill(Service.BILLING);
        Gatehouse.start(Service.BILLING);

        endsConfirmed(accepted.header("Location"));
        assertThat(Gatehouse.capturesOf(idOf(accepted.header("Location")))).hasSize(1);
        assertThat(stock()).isEqualTo(9);
    }

    private void endsConfirmed(String order) {
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            Caller.Answer now = customer.get(order);
            assertThat(now.status()).as(now.body()).isEqualTo(200);
            assertThat(now.<String>read("$.state")).isEqualTo("CONFIRMED");
        });
    }

    private int stock() {
        return anyone.get("/api/films/" + film + "/stock").read("$.available");
    }

    private Caller.Answer place(int quantity, int unitPrice, String paymentMethod, String key, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Idempotency-Key";
        all[1] = key;
        return customer.post("/api/orders", """
                {"lines": [{"filmId": "%s", "quantity": %d, "unitPrice": {"amountMinor": %d, "currency": "%s"}}],
                 "paymentMethod": "%s"}""".formatted(film, quantity, unitPrice, currency, paymentMethod), all);
    }

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    private static String idOf(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
