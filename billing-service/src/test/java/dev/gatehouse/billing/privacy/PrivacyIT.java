package dev.gatehouse.billing.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.stores.TestStores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What customers may ask about their data: to have all of it, and to have it forgotten wherever it is. */
@BillingIntegrationTest
class PrivacyIT {

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    RabbitTemplate rabbit;

    @Autowired
    RabbitListenerEndpointRegistry listeners;

    BillingClient customer;
    BillingClient operator;
    UUID film;
    /** The customer's means of payment; nobody else has it. */
    String token;

    @BeforeEach
    void meetANewCustomer() {
        customer = BillingClient.customer(port);
        operator = BillingClient.of(port, "operator-" + UUID.randomUUID(), "ops");
        film = inventory.film(50, 1000);
        token = "pm_" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void exportsEverythingThatIsKept() {
        UUID order = sold();
        putIntoCart();

        Reply export = customer.get("/api/customers/me/data");

        JsonNode data = export.json();
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("Cache-Control")).isEqualTo("no-store");
        assertThat(data.path("subject").asString()).isEqualTo(customer.subject());
        assertThat(data.path("cart").path(0).path("filmId").asString()).isEqualTo(film.toString());
        assertThat(data.path("requests").path(0).path("operation").asString()).isEqualTo("POST /api/orders");
        assertThat(data.path("orders").size()).isEqualTo(1);
        JsonNode exported = data.path("orders").path(0);
        assertThat(exported.path("id").asString()).isEqualTo(order.toString());
        assertThat(exported.path("paymentMethod").asString()).isEqualTo(token);
        assertThat(exported.path("lines").path(0).path("quantity").asInt()).isEqualTo(1);
        assertThat(exported.path("history").size()).isEqualTo(4);
        assertThat(exported.path("payment").path("state").asString()).isEqualTo("CAPTURED");
        assertThat(exported.path("refunds").size()).isZero();
    }

    @Test
    void exportsNothingOfOthers() {
        sold();

        Reply other = BillingClient.customer(port).get("/api/customers/me/data");

        assertThat(other.json().path("orders").size()).isZero();
        assertThat(other.body()).doesNotContain(customer.subject());
        assertThat(BillingClient.of(port, "nobody", "ops")
                        .get("/api/customers/me/data")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void exportsMoreOrdersThanAPageHolds() {
        jdbc.sql("""
                        INSERT INTO orders (id, customer, state, version, total_minor, currency, payment_method, placed_at)
                        SELECT gen_random_uuid(), :customer, 'CANCELLED', 1, 1, 'EUR', 'pm_x', now() - n * interval '1 minute'
                        FROM generate_series(1, 250) n""").param("customer", customer.subject()).update();

        JsonNode orders = customer.get("/api/customers/me/data").json().path("orders");

        assertThat(orders.size()).isEqualTo(250);
        assertThat(orders.findValuesAsString("id")).doesNotHaveDuplicates();
    }

    @Test
    void forgetsTheCustomerInEveryStore() {
        UUID order = sold();
        putIntoCart();
        UUID parked = parkAMessageAbout(customer.subject());
        operator.post("/api/operations/parked-messages/" + parked + "/replay", "");
        // Nobody understands it the second time either; from then on no copy is on its way.
        await().atMost(Duration.ofSeconds(20)).until(() -> parkedAboutTheCustomer() == 2);
        assertThat(occurrences(customer.subject())).isNotEmpty();
        assertThat(occurrences(token)).isNotEmpty();

        Reply gone = customer.send("DELETE", "/api/customers/me", "");

        assertThat(gone.status()).isEqualTo(204);
        assertThat(occurrences(customer.subject())).isEmpty();
        assertThat(occurrences(token)).isEmpty();
        assertThat(customer.get("/api/orders").json().path("items").size()).isZero();
        assertThat(customer.get("/api/orders/" + order).status()).isEqualTo(404);
        Reply kept = operator.get("/api/orders/" + order);
        assertThat(kept.state()).isEqualTo("CONFIRMED");
        assertThat(kept.json().path("total").path("amountMinor").asLong()).isEqualTo(1000);
        assertThat(UUID.fromString(kept.json().path("customer").asString().substring("erased-".length()))
                        .version())
                .isEqualTo(4);
    }

    @Test
    void refusesWhileAnOrderIsInFlightAndForgetsNothing() {
        sold();
        putIntoCart();
        List<String> before = occurrences(customer.subject());
        listeners.getListenerContainer("order-steps").stop();
        try {
            customer.order(film, 1, 1000, "pm_card_visa");

            Reply refused = customer.send("DELETE", "/api/customers/me", "");
            Reply alsoRefused = operator.post(erasure(), "{\"reason\": \"Asked for by letter\"}");

            for (Reply reply : List.of(refused, alsoRefused)) {
                assertThat(reply.status()).isEqualTo(409);
                assertThat(reply.problem()).isEqualTo("orders-in-flight");
                assertThat(reply.json().path("detail").asString()).startsWith("1 order is not final yet");
            }
            assertThat(occurrences(customer.subject())).containsAll(before);
            assertThat(lastAction()).matches("erase-customer 0 REFUSED .*1 order is not final.*");
        } finally {
            listeners.getListenerContainer("order-steps").start();
        }
    }

    @Test
    void forgetsOnBehalfOfAnOperatorAndRecordsThePseudonymAlone() {
        UUID order = sold();

        Reply first = operator.post(erasure(), "{\"reason\": \"Asked for by letter, case 7\"}");
        String line = lastAction();
        Reply again = operator.post(erasure(), "{\"reason\": \"Asked for by letter, case 7\"}");

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("orders").asInt()).isEqualTo(1);
        assertThat(first.json().path("requests").asInt()).isEqualTo(1);
        assertThat(line).startsWith("erase-customer 2 DONE");
        assertThat(line)
                .contains(operator.get("/api/orders/" + order)
                        .json()
                        .path("customer")
                        .asString());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("orders").asInt()).isZero();
        assertThat(lastAction()).startsWith("erase-customer 0 NOTHING");
        assertThat(occurrences(customer.subject())).isEmpty();
    }

    @Test
    void canBeRepeatedByTheCustomer() {
        assertThat(customer.send("DELETE", "/api/customers/me", "").status()).isEqualTo(204);
        assertThat(customer.send("DELETE", "/api/customers/me", "").status()).isEqualTo(204);
    }

    @Test
    void keepsCustomersNamesOutOfTheRecord() {
        Reply named = operator.post(erasure(), "{\"reason\": \"" + customer.subject() + " asked\"}");
        Reply mute = operator.post(erasure(), "{}");

        assertThat(named.status()).isEqualTo(400);
        assertThat(named.json().path("errors").path(0).path("code").asString()).isEqualTo("names-customer");
        assertThat(mute.json().path("errors").path(0).path("code").asString()).isEqualTo("required");
        assertThat(customer.post("/api/operations/customers/x/erasure", "{\"reason\": \"x\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void forgetsNothingWhileTheCartCannotBeForgotten() {
        assumeFalse("containers".equals(System.getenv("STORES")), "The devstack's cache has the switch");
        UUID order = sold();

        Reply refused;
        TestStores.redis().stop();
        try {
            refused = customer.send("DELETE", "/api/customers/me", "");
        } finally {
            TestStores.redis().start();
        }

        assertThat(refused.status()).isEqualTo(503);
        assertThat(customer.get("/api/orders/" + order).status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer.send("DELETE", "/api/customers/me", "").status() == 204);
        assertThat(occurrences(customer.subject())).isEmpty();
    }

    @Test
    void findsAShortSubjectOnlyWhereItIsNamedWhole() {
        String shortOne = UUID.randomUUID().toString().substring(0, 4);
        UUID other = parkAMessageAbout("x" + shortOne + "x");
        UUID his = parkAMessageAbout(shortOne);

        Reply erased = operator.post(
                "/api/operations/customers/" + shortOne + "/erasure", "{\"reason\": \"Asked for by letter\"}");

        assertThat(erased.json().path("messages").asInt()).isEqualTo(1);
        assertThat(operator.get("/api/operations/parked-messages/" + his)
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("ERASED");
        assertThat(operator.get("/api/operations/parked-messages/" + other)
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("PARKED");
    }

    private String erasure() {
        return "/api/operations/customers/" + customer.subject() + "/erasure";
    }

    /** An order that is sold, as if it had been paid with the customer's own means of payment. */
    private UUID sold() {
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        assertThat(customer.get("/api/orders/" + order, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
        for (String update : List.of(
                "UPDATE orders SET payment_method = :token WHERE id = :id",
                "UPDATE payments SET payment_method = :token WHERE order_id = :id")) {
            jdbc.sql(update).param("token", token).param("id", order).update();
        }
        return order;
    }

    private void putIntoCart() {
        Reply put = customer.send(
                "PUT", "/api/cart/items/" + film, "{\"quantity\": 1}", "Content-Type", "application/json");
        assertThat(put.status()).isEqualTo(200);
    }

    private UUID parkAMessageAbout(String subject) {
        String name = UUID.randomUUID().toString();
        rabbit.send(
                "gatehouse.orders",
                "order.placed",
                MessageBuilder.withBody(("{\"customer\": \"" + subject + "\", \"paidWith\": \"" + token + "\"}")
                                .getBytes(StandardCharsets.UTF_8))
                        .setHeader("x-name", name)
                        .build());
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> jdbc.sql("SELECT id FROM parked_messages WHERE headers ->> 'x-name' = :name")
                                .param("name", name)
                                .query(UUID.class)
                                .optional(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private long parkedAboutTheCustomer() {
        return jdbc.sql("SELECT count(*) FROM parked_messages WHERE position(:text::bytea IN body) > 0")
                .param("text", customer.subject())
                .query(Long.class)
                .single();
    }

    /** Every table with a row, and every key of the cache with a value, in which the text occurs. */
    private List<String> occurrences(String text) {
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        List<String> found = new ArrayList<>();
        List<String> tables = jdbc.sql("""
                        SELECT quote_ident(table_name) FROM information_schema.tables
                        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'""").query(String.class).list();
        assertThat(tables).contains("orders", "payments", "outbox", "parked_messages", "operator_actions");
        for (String table : tables) {
            long rows = jdbc.sql("SELECT count(*) FROM " + table + " AS r"
                            + " WHERE position(:text IN r::text) > 0 OR position(:hex IN r::text) > 0")
                    .param("text", text)
                    .param("hex", hex)
                    .query(Long.class)
                    .single();
            if (rows > 0) {
                found.add(table);
            }
        }
        for (String key : redis.keys("*")) {
            String value = String.valueOf(
                    redis.dump(key) == null ? "" : new String(redis.dump(key), StandardCharsets.ISO_8859_1));
            if (key.contains(text) || value.contains(text)) {
                found.add("redis " + key);
            }
        }
        return found;
    }

    private String lastAction() {
        return jdbc.sql("""
                        SELECT action || ' ' || matched || ' ' || outcome || ' ' || target || ' ' || coalesce(detail, '')
                        FROM operator_actions WHERE operator = :who ORDER BY id DESC LIMIT 1""")
                .param("who", operator.subject())
                .query(String.class)
                .single();
    }
}
