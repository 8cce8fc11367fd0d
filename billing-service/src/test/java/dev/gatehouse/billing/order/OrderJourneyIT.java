package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Whole orders, from the customer's request to each possible end, over every store. */
@BillingIntegrationTest
class OrderJourneyIT {

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    PaymentProviderSimulator provider;

    BillingClient customer;

    @BeforeEach
    void meetANewCustomer() {
        customer = BillingClient.customer(port);
    }

    @Test
    void endsConfirmedPaidAndSold() {
        UUID film = inventory.film(5, 1299);

        Reply placed = customer.order(film, 2, 1299, "pm_card_visa");
        Reply order = ended(placed);

        assertThat(placed.status()).isEqualTo(202);
        assertThat(placed.header("Location")).isEqualTo("/api/orders/" + placed.id());
        assertThat(placed.state()).isEqualTo("PLACED");
        assertThat(order.state()).isEqualTo("CONFIRMED");
        assertThat(states(order)).containsExactly("PLACED", "RESERVED", "PAID", "CONFIRMED");
        assertThat(order.json()
                        .path("history")
                        .valueStream()
                        .map(entry -> entry.path("version").asInt()))
                .containsExactly(1, 2, 3, 4);
        assertThat(order.json().path("total").path("amountMinor").asLong()).isEqualTo(2598);
        assertThat(inventory.state(placed.id())).isEqualTo("CONFIRMED");
        assertThat(inventory.available(film)).isEqualTo(3);
        assertThat(effects(placed.id())).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
    }

    @Test
    void endsRejectedWhenStockIsShort() {
        UUID film = inventory.film(1, 1000);

        Reply order = ended(customer.order(film, 2, 1000, "pm_card_visa"));

        assertThat(order.state()).isEqualTo("REJECTED");
        assertThat(order.json().path("reason").asString()).isEqualTo("insufficient-stock");
        assertThat(states(order)).containsExactly("PLACED", "RELEASING", "REJECTED");
        assertThat(inventory.available(film)).isEqualTo(1);
        assertThat(effects(order.id())).isEmpty();
    }

    @Test
    void endsRejectedWhenAFilmDoesNotExist() {
        Reply order = ended(customer.order(UUID.randomUUID(), 1, 1000, "pm_card_visa"));

        assertThat(order.state()).isEqualTo("REJECTED");
        assertThat(order.json().path("reason").asString()).isEqualTo("unknown-film");
    }

    @Test
    void endsRejectedAndUnpaidWhenThePriceIsNotTheAgreedOne() {
        UUID film = inventory.film(5, 1500);

        Reply order = ended(customer.order(film, 1, 1499, "pm_card_visa"));

        assertThat(order.state()).isEqualTo("REJECTED");
        assertThat(order.json().path("reason").asString()).isEqualTo("price-changed");
        assertThat(inventory.state(order.id())).isEqualTo("RELEASED");
        assertThat(inventory.available(film)).isEqualTo(5);
        assertThat(effects(order.id())).isEmpty();
    }

    @Test
    void endsRejectedWhenThePaymentIsDeclined() {
        UUID film = inventory.film(5, 1000);

        Reply order = ended(customer.order(film, 1, 1000, "pm_card_chargeDeclinedInsufficientFunds"));

        assertThat(order.state()).isEqualTo("REJECTED");
        assertThat(order.json().path("reason").asString()).isEqualTo("payment-declined");
        assertThat(states(order)).containsExactly("PLACED", "RESERVED", "RELEASING", "REJECTED");
        assertThat(inventory.available(film)).isEqualTo(5);
        assertThat(effects(order.id())).doesNotContain(Effect.CAPTURED);
    }

    @Test
    void takesTheMoneyOnceWhenTheProviderFailsAfterTakingIt() {
        UUID film = inventory.film(5, 1000);

        Reply order = ended(customer.order(film, 1, 1000, "pm_gatehouse_captureThen500"));

        assertThat(order.state()).isEqualTo("CONFIRMED");
        assertThat(effects(order.id())).containsOnlyOnce(Effect.CAPTURED);
    }

    @Test
    void ordersTheCartAndEmptiesIt() {
        UUID film = inventory.film(5, 700);
        customer.send("PUT", "/api/cart/items/" + film, "{\"quantity\": 3}", "Content-Type", "application/json");

        Reply placed = customer.post(
                "/api/orders", "{\"paymentMethod\": \"pm_card_visa\"}", "Idempotency-Key", "\"of-the-cart\"");
        Reply repeated = customer.post(
                "/api/orders", "{\"paymentMethod\": \"pm_card_visa\"}", "Idempotency-Key", "\"of-the-cart\"");
        Reply another = customer.post(
                "/api/orders", "{\"paymentMethod\": \"pm_card_visa\"}", "Idempotency-Key", "\"of-nothing\"");

        assertThat(placed.status()).isEqualTo(202);
        assertThat(placed.json().path("total").path("amountMinor").asLong()).isEqualTo(2100);
        assertThat(repeated.body()).isEqualTo(placed.body());
        assertThat(repeated.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(another.status()).isEqualTo(422);
        assertThat(another.problem()).isEqualTo("cart-empty");
        assertThat(ended(placed).state()).isEqualTo("CONFIRMED");
    }

    private Reply ended(Reply placed) {
        return customer.get("/api/orders/" + placed.id(), "Prefer", "wait=30");
    }

    private static List<String> states(Reply order) {
        return order.json()
                .path("history")
                .valueStream()
                .map(entry -> entry.path("state").asString())
                .toList();
    }

    private List<Effect> effects(UUID orderId) {
        return provider.journal().stream()
                .filter(entry -> orderId.toString().equals(entry.orderId()))
                .map(JournalEntry::effect)
                .toList();
    }
}
