package dev.gatehouse.billing.operation.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What operators see of parked orders, and what becomes of their decisions. */
@BillingIntegrationTest
class ParkedOrdersIT {

    private static final String PARKED = "/api/operations/parked-orders";

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    PaymentProviderSimulator provider;

    @Autowired
    RabbitListenerEndpointRegistry listeners;

    @Autowired
    MeterRegistry meters;

    @Autowired
    JdbcClient jdbc;

    BillingClient customer;
    BillingClient operator;
    UUID film;
    /** In every reason of this test's orders, so that others' are left alone. */
    String mark;

    @BeforeEach
    void stopListening() {
        listeners.getListenerContainer("order-steps").stop();
        customer = BillingClient.customer(port);
        operator = BillingClient.of(port, "operator-" + UUID.randomUUID(), "ops");
        film = inventory.film(50, 1000);
        mark = "Mark" + UUID.randomUUID();
    }

    @AfterEach
    void listenAgain() {
        listeners.getListenerContainer("order-steps").start();
    }

    @Test
    void listsParkedOrdersByStateReasonAndTime() {
        UUID oldest = parked("PLACED", "2020-01-01T00:00:00Z");
        UUID reserved = parked("RESERVED", "2020-01-02T00:00:00Z");
        UUID newest = parked("PLACED", "2020-01-03T00:00:00Z");

        assertThat(listed("")).containsExactly(oldest, reserved, newest);
        assertThat(listed("&state=PLACED")).containsExactly(oldest, newest);
        assertThat(listed("&parkedAfter=2020-01-02T00:00:00Z")).containsExactly(reserved, newest);
        assertThat(listed("&parkedBefore=2020-01-02T00:00:00Z")).containsExactly(oldest);
        assertThat(listed("&parkedBefore=2019-01-02T00:00:00Z")).isEmpty();
    }

    @Test
    void pagesThroughParkedOrdersTheLongestParkedFirst() {
        List<UUID> parked = IntStream.range(0, 5)
                .mapToObj(i -> parked("PLACED", "2020-01-01T00:00:00Z"))
                .toList();

        Reply first = operator.get(PARKED + "?limit=2&reason=" + mark);
        Reply second = operator.get(PARKED + "?limit=2&reason=" + mark + "&cursor=" + cursor(first));
        Reply last = operator.get(PARKED + "?limit=2&reason=" + mark + "&cursor=" + cursor(second));
        Reply other = operator.get(PARKED + "?limit=2&cursor=" + cursor(first));

        assertThat(Stream.of(first, second, last).flatMap(ParkedOrdersIT::ids))
                .containsExactlyInAnyOrderElementsOf(parked);
        assertThat(last.json().path("nextCursor").isNull()).isTrue();
        assertThat(other.json().path("errors").path(0).path("code").asString()).isEqualTo("other-query");
    }

    @ParameterizedTest
    @CsvSource({
        "state=LOST, state, wrong-type",
        "reason=, reason, too-short",
        "parkedAfter=yesterday, parkedAfter, wrong-type",
        "parkedBefore=2020-01-01, parkedBefore, wrong-type",
        "parkedAfter=-1000000-01-01T00:00:00Z, parkedAfter, wrong-type",
        "limit=101, limit, too-large",
        "cursor=abc, cursor, malformed",
        "order=1, order, unknown-parameter"
    })
    void namesTheParameterThatIsWrong(String query, String field, String code) {
        Reply reply = operator.get(PARKED + "?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.json().path("errors").path(0).path("field").asString()).isEqualTo(field);
        assertThat(reply.json().path("errors").path(0).path("code").asString()).isEqualTo(code);
    }

    @Test
    void showsWhatIsKnownOfAnOrder() {
        UUID order = parked("RESERVED", "2020-01-01T00:00:00Z");
        jdbc.sql("""
                        INSERT INTO payments (order_id, amount_minor, currency, payment_method, calls, last_called_at)
                        VALUES (:id, 1000, 'EUR', 'pm_card_visa', 3, now())""").param("id", order).update();

        Reply inspected = operator.get(PARKED + "/" + order);

        JsonNode json = inspected.json();
        assertThat(inspected.status()).isEqualTo(200);
        assertThat(json.path("state").asString()).isEqualTo("RESERVED");
        assertThat(json.path("total").path("amountMinor").asLong()).isEqualTo(1000);
        assertThat(json.path("step").path("attempts").asInt()).isEqualTo(20);
        assertThat(json.path("step").path("lastError").asString()).contains(mark);
        assertThat(json.path("step").path("parkedAt").asString()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(json.path("payment").path("state").asString()).isEqualTo("INTENT");
        assertThat(json.path("payment").path("calls").asInt()).isEqualTo(3);
        assertThat(json.path("messages").path(0).path("routingKey").asString()).isEqualTo("order.placed");
        assertThat(inspected.body()).doesNotContain(customer.subject()).doesNotContain("pm_card_visa");
        assertThat(operator.get(PARKED + "/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void replaysOneOrderToItsEnd() {
        UUID order = parked("PLACED", "2020-01-01T00:00:00Z");
        listeners.getListenerContainer("order-steps").start();

        Reply replayed = operator.post(PARKED + "/" + order + "/replay", "");

        assertThat(replayed.status()).isEqualTo(202);
        assertThat(customer.get("/api/orders/" + order, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
        assertThat(lastAction()).isEqualTo("replay-order {\"order\": \"" + order + "\"} 1 DONE null");
    }

    @Test
    void refusesToReplayWhatIsNotParkedAndRecordsThat() {
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        UUID unknown = UUID.randomUUID();

        Reply busy = operator.post(PARKED + "/" + order + "/replay", "");
        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.problem()).isEqualTo("order-not-parked");
        assertThat(lastAction()).startsWith("replay-order {\"order\": \"" + order + "\"} 0 REFUSED Order " + order);

        Reply nothing = operator.post(PARKED + "/" + unknown + "/replay", "");
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(lastAction()).startsWith("replay-order {\"order\": \"" + unknown + "\"} 0 REFUSED");
    }

    @Test
    void replaysByFilterUpToTheLimitAndCountsInADryRun() {
        UUID oldest = parked("PLACED", "2020-01-01T00:00:00Z");
        UUID second = parked("PLACED", "2020-01-02T00:00:00Z");
        UUID newest = parked("PLACED", "2020-01-03T00:00:00Z");

        Reply counted = replay("\"limit\": 2, \"dryRun\": true");
        assertThat(counted.status()).isEqualTo(200);
        assertThat(counted.json().path("matched").asInt()).isEqualTo(3);
        assertThat(listed("")).containsExactly(oldest, second, newest);
        assertThat(lastAction())
                .isEqualTo("replay-orders {\"limit\": \"2\", \"reason\": \"" + mark + "\"} 3 COUNTED null");

        Reply replayed = replay("\"limit\": 2, \"dryRun\": false");
        assertThat(replayed.json().path("replayed").valueStream().map(id -> UUID.fromString(id.asString())))
                .containsExactlyInAnyOrder(oldest, second);
        assertThat(listed("")).containsExactly(newest);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(customer.get("/api/orders/" + second)
                                .json()
                                .path("version")
                                .asInt())
                        .isGreaterThan(1));
    }

    @Test
    void recordsAFilterThatFindsNothing() {
        Reply nothing = replay("\"limit\": 10, \"dryRun\": false");

        assertThat(nothing.status()).isEqualTo(200);
        assertThat(nothing.json().path("matched").asInt()).isZero();
        assertThat(lastAction())
                .isEqualTo("replay-orders {\"limit\": \"10\", \"reason\": \"" + mark + "\"} 0 NOTHING null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"dryRun\": true} | limit | required",
                "{\"limit\": 1} | dryRun | required",
                "{\"limit\": 1001, \"dryRun\": true} | limit | too-large",
                "{\"limit\": 1, \"dryRun\": true, \"state\": \"CONFIRMED\"} | state | malformed",
                "{\"limit\": 1, \"dryRun\": true, \"parkedAfter\": \"now\"} | parkedAfter | wrong-type",
                "{\"limit\": 1, \"dryRun\": true, \"all\": true} | all | unknown-field"
            })
    void namesTheFieldOfTheFilterThatIsWrong(String body, String field, String code) {
        Reply reply = operator.post(PARKED + "/replay", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("errors").path(0).path("field").asString()).isEqualTo(field);
        assertThat(reply.json().path("errors").path(0).path("code").asString()).isEqualTo(code);
    }

    @Test
    void givesUpAnOrderThatIsReservedAndGivesEverythingBack() {
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        await().until(() -> drive(order, 2));
        park(order, "2020-01-01T00:00:00Z");
        assertThat(inventory.available(film)).isEqualTo(49);
        listeners.getListenerContainer("order-steps").start();

        Reply given = operator.post(PARKED + "/" + order + "/abandonment", "{\"reason\": \"The provider is closed\"}");

        assertThat(given.status()).isEqualTo(202);
        Reply end = customer.get("/api/orders/" + order, "Prefer", "wait=30");
        assertThat(end.state()).isEqualTo("REJECTED");
        assertThat(end.json().path("reason").asString()).isEqualTo("given-up-by-operator");
        assertThat(inventory.available(film)).isEqualTo(50);
        assertThat(effects(order)).doesNotContain(Effect.CAPTURED);
        assertThat(jdbc.sql("SELECT reason FROM operator_actions WHERE operator = :who")
                        .param("who", operator.subject())
                        .query(String.class)
                        .single())
                .isEqualTo("The provider is closed");
    }

    @ParameterizedTest
    @CsvSource({"PAID", "RELEASING", "CANCELLING"})
    void refusesToGiveUpWhatMayBeSoldOrIsBeingUndone(String state) {
        UUID order = parked(state, "2020-01-01T00:00:00Z");

        Reply refused = operator.post(PARKED + "/" + order + "/abandonment", "{\"reason\": \"No patience\"}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("order-not-safe-to-give-up");
        assertThat(refused.json().path("detail").asString()).contains("replay");
        assertThat(operator.get(PARKED + "/" + order).json().path("state").asString())
                .isEqualTo(state);
        assertThat(listed("")).containsExactly(order);
        assertThat(lastAction()).contains("give-up-order").contains("REFUSED");
    }

    @Test
    void refusesToGiveUpAnOrderWhoseStockIsSold() {
        UUID order = parked("PLACED", "2020-01-01T00:00:00Z");
        jdbc.sql("UPDATE order_steps SET parked_reason = 'ReservationConflict: sold' WHERE order_id = :id")
                .param("id", order)
                .update();

        Reply refused = operator.post(PARKED + "/" + order + "/abandonment", "{\"reason\": \"No patience\"}");

        assertThat(refused.problem()).isEqualTo("order-not-safe-to-give-up");
    }

    @Test
    void asksForTheReasonToGiveUp() {
        UUID order = parked("PLACED", "2020-01-01T00:00:00Z");

        for (String body : List.of("{}", "{\"reason\": \" \"}", "{\"reason\": \"" + "x".repeat(501) + "\"}")) {
            Reply reply = operator.post(PARKED + "/" + order + "/abandonment", body);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().path("errors").path(0).path("field").asString())
                    .isEqualTo("reason");
        }
        assertThat(listed("")).containsExactly(order);
    }

    @Test
    void measuresHowManyAreParkedAndForHowLong() {
        parked("PLACED", "2020-01-01T00:00:00Z");

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(meters.get("orders.parked").gauge().value()).isPositive();
            assertThat(meters.get("orders.parked.oldest.age").gauge().value()).isGreaterThan(86_400);
        });
    }

    /** An order in that state whose step was put aside at that time. */
    private UUID parked(String state, String at) {
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        if (!state.equals("PLACED")) {
            jdbc.sql("UPDATE orders SET state = :state WHERE id = :id")
                    .param("state", state)
                    .param("id", order)
                    .update();
        }
        park(order, at);
        return order;
    }

    private void park(UUID order, String at) {
        jdbc.sql("""
                        UPDATE order_steps
                        SET parked_at = :at::timestamptz, parked_reason = :reason, last_error = :reason, attempts = 20,
                            started_at = :at::timestamptz, lease_until = NULL
                        WHERE order_id = :id""")
                .param("at", at)
                .param("reason", "InventoryUnavailable: " + mark)
                .param("id", order)
                .update();
    }

    /** Lets the poller take the order to that version. */
    private boolean drive(UUID order, int version) {
        jdbc.sql("UPDATE order_steps SET due_at = now() WHERE order_id = :id AND version < :version")
                .param("id", order)
                .param("version", version)
                .update();
        return customer.get("/api/orders/" + order).json().path("version").asInt() == version;
    }

    private Reply replay(String rest) {
        return operator.post(PARKED + "/replay", "{\"reason\": \"" + mark + "\", " + rest + "}");
    }

    private List<UUID> listed(String query) {
        Reply page = operator.get(PARKED + "?limit=100&reason=" + mark.toLowerCase(java.util.Locale.ROOT) + query);
        assertThat(page.status()).isEqualTo(200);
        return ids(page).toList();
    }

    private static Stream<UUID> ids(Reply page) {
        return page.json()
                .path("items")
                .valueStream()
                .map(item -> UUID.fromString(item.path("orderId").asString()));
    }

    private static String cursor(Reply page) {
        return page.json().path("nextCursor").asString();
    }

    private String lastAction() {
        return jdbc.sql("""
                        SELECT action || ' ' || target || ' ' || matched || ' ' || outcome || ' ' || coalesce(detail, 'null')
                        FROM operator_actions WHERE operator = :who ORDER BY id DESC LIMIT 1""")
                .param("who", operator.subject())
                .query(String.class)
                .single();
    }

    private List<Effect> effects(UUID orderId) {
        return provider.journal().stream()
                .filter(entry -> orderId.toString().equals(entry.orderId()))
                .map(JournalEntry::effect)
                .toList();
    }
}
