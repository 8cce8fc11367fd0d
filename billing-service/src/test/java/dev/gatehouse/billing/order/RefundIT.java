package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money that goes back: whole, in parts, asked for by many at once, and with a provider that does it and does not say so. */
@BillingIntegrationTest
class RefundIT {

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    PaymentProviderSimulator provider;

    @Autowired
    JdbcClient jdbc;

    private BillingClient customer;
    private BillingClient operator;
    private UUID order;

    @BeforeEach
    void sell() {
        customer = BillingClient.customer(port);
        operator = BillingClient.of(port, "operator-1", "ops", "orders.read");
        Reply sold = customer.order(inventory.film(5, 1000), 1, 1000, "pm_card_visa", "Prefer", "wait=30");
        assertThat(sold.state()).isEqualTo("CONFIRMED");
        order = sold.id();
    }

    @AfterEach
    void noFaults() {
        provider.clearFaults();
    }

    @Test
    void givesAPartBackAndShowsIt() {
        Reply asked = refund("""
                {"amount": {"amountMinor": 300, "currency": "EUR"}, "reason": "scratched"}""");

        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.header("Location")).isEqualTo("/api/orders/" + order + "/refunds/" + asked.id());
        assertThat(ended(asked.id()).json().path("state").asString()).isEqualTo("SUCCEEDED");
        Reply shown = customer.get("/api/orders/" + order);
        assertThat(shown.state()).isEqualTo("CONFIRMED");
        assertThat(shown.json().at("/refunded/amountMinor").asInt()).isEqualTo(300);
        assertThat(shown.header("ETag")).isEqualTo("\"4-300\"");
        assertThat(customer.get("/api/orders?limit=1")
                        .json()
                        .at("/items/0/refunded/amountMinor")
                        .asInt())
                .isEqualTo(300);
        assertThat(refunds()).containsExactly(300L);
        assertThat(ledger("payment-clearing")).isEqualTo(700);
        assertThat(ledger("sales-refunds")).isEqualTo(300);
        assertThat(ledger("customer-receivable")).isZero();
    }

    @Test
    void givesAllThatIsLeftBackWithoutAnAmount() {
        ended(refund("{\"amount\": {\"amountMinor\": 1, \"currency\": \"EUR\"}}")
                .id());

        Reply rest = refund("{}");

        assertThat(rest.json().at("/amount/amountMinor").asInt()).isEqualTo(999);
        ended(rest.id());
        assertThat(ledger("payment-clearing")).isZero();
        assertThat(refunds()).containsExactly(1L, 999L);
        Reply more = refund("{}");
        assertThat(more.status()).isEqualTo(409);
        assertThat(more.problem()).isEqualTo("refund-exceeds-payment");
        assertThat(more.json().at("/errors/0/limit").asInt()).isZero();
    }

    @Test
    void givesNoMoreBackThanWasTakenHoweverManyAskAtOnce() throws Exception {
        Callable<Integer> request = () -> refund("{\"amount\": {\"amountMinor\": 300, \"currency\": \"EUR\"}}")
                .status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> statuses = threads
                    .invokeAll(IntStream.range(0, 20).mapToObj(i -> request).toList())
                    .stream()
                    .map(RefundIT::get)
                    .toList();

            assertThat(statuses).containsOnly(202, 409);
            assertThat(statuses.stream().filter(status -> status == 202)).hasSize(3);
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> refunds().size() == 3);
        assertThat(ledger("payment-clearing")).isEqualTo(100);
    }

    @Test
    void asksOnceForRepetitionsOfOneKey() {
        String key = "\"" + UUID.randomUUID() + "\"";
        String body = "{\"amount\": {\"amountMinor\": 300, \"currency\": \"EUR\"}}";

        Reply first = refund(body, key);
        Reply again = refund(body, key);
        Reply other = refund("{}", key);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        ended(first.id());
        assertThat(refunds()).containsExactly(300L);
    }

    /** In each the money went back at the first call, and billing was not told. */
    @ParameterizedTest
    @EnumSource(names = {"ERROR_AFTER", "ERROR_SAVED", "RESET_AFTER", "CUT_ANSWER", "DELAY"})
    void asksTheProviderWhenAnAnswerWasLost(Fault fault) {
        provider.plan(
                FaultPlan.once(Operation.REFUND, fault).order(order.toString()).delay(Duration.ofSeconds(4)));

        Reply asked = refund("{\"amount\": {\"amountMinor\": 300, \"currency\": \"EUR\"}}");

        assertThat(ended(asked.id()).json().path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(refunds()).containsExactly(300L);
        assertThat(ledger("payment-clearing")).isEqualTo(700);
        assertThat(jdbc.sql("SELECT attempts FROM refunds WHERE id = ?")
                        .param(asked.id())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void parksARefundThatTheProviderMadeOfAnotherAmount() {
        provider.plan(FaultPlan.once(Operation.REFUND, Fault.WRONG_AMOUNT).order(order.toString()));

        Reply asked = refund("{\"amount\": {\"amountMinor\": 300, \"currency\": \"EUR\"}}");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql("SELECT parked_at IS NOT NULL FROM refunds WHERE id = ?")
                        .param(asked.id())
                        .query(Boolean.class)
                        .single());
        assertThat(ledger("payment-clearing")).isEqualTo(1000);
        assertThat(customer.get("/api/orders/" + order).json().has("refunded")).isFalse();
    }

    @Test
    void takesAParkedRefundUpAgainWhenAnOperatorSaysSo() {
        provider.plan(FaultPlan.always(Operation.REFUND, Fault.ERROR_BEFORE).order(order.toString()));
        Reply asked = refund("{}");
        jdbc.sql("UPDATE refunds SET parked_at = now() WHERE id = ?")
                .param(asked.id())
                .update();
        provider.clearFaults();

        Reply retried = operator.post("/api/orders/" + order + "/refunds/" + asked.id() + "/retry", "");

        assertThat(retried.status()).isEqualTo(202);
        assertThat(ended(asked.id()).json().path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(refunds()).containsExactly(1000L);
    }

    @Test
    void refundsOnlyWhatIsConfirmed() {
        UUID declined = customer.order(inventory.film(5, 1000), 1, 1000, "pm_card_chargeDeclined", "Prefer", "wait=30")
                .id();

        Reply reply = operator.post(
                "/api/orders/" + declined + "/refunds", "{}", "Idempotency-Key", "\"a-" + declined + "\"");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("order-not-refundable");
    }

    @Test
    void letsCustomersSeeRefundsOfTheirOrdersAlone() {
        Reply asked = refund("{}");

        assertThat(customer.get("/api/orders/" + order + "/refunds")
                        .json()
                        .at("/items/0/id")
                        .asString())
                .isEqualTo(asked.id().toString());
        assertThat(BillingClient.customer(port)
                        .get("/api/orders/" + order + "/refunds")
                        .problem())
                .isEqualTo("not-found");
        assertThat(customer.post("/api/orders/" + order + "/refunds", "{}", "Idempotency-Key", "\"k\"")
                        .problem())
                .isEqualTo("forbidden");
        assertThat(customer.post("/api/orders/" + order + "/refunds/" + asked.id() + "/retry", "")
                        .problem())
                .isEqualTo("forbidden");
        assertThat(operator.get("/api/orders/" + order + "/refunds/" + UUID.randomUUID())
                        .problem())
                .isEqualTo("not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"amount\": {\"amountMinor\": 0, \"currency\": \"EUR\"}}; amount.amountMinor",
                "{\"amount\": {\"amountMinor\": -1, \"currency\": \"EUR\"}}; amount.amountMinor",
                "{\"amount\": {\"amountMinor\": 1.5, \"currency\": \"EUR\"}}; amount.amountMinor",
                "{\"amount\": {\"amountMinor\": 1, \"currency\": \"USD\"}}; amount.currency",
                "{\"amount\": {\"amountMinor\": 1}}; amount.currency",
                "{\"sum\": 1}; sum",
                "{\"reason\": \"\"}; reason"
            })
    void namesWhatIsWrongWithARequest(String body, String field) {
        Reply reply = refund(body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.json().at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(jdbc.sql("SELECT count(*) FROM refunds WHERE order_id = ?")
                        .param(order)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void wantsAKeyAndAnOrder() {
        assertThat(operator.post("/api/orders/" + order + "/refunds", "{}").problem())
                .isEqualTo("idempotency-key-missing");
        assertThat(operator.post("/api/orders/" + UUID.randomUUID() + "/refunds", "{}", "Idempotency-Key", "\"k\"")
                        .problem())
                .isEqualTo("not-found");
    }

    private Reply refund(String body) {
        return refund(body, "\"" + UUID.randomUUID() + "\"");
    }

    private Reply refund(String body, String key) {
        return operator.post("/api/orders/" + order + "/refunds", body, "Idempotency-Key", key);
    }

    private Reply ended(UUID refund) {
        String path = "/api/orders/" + order + "/refunds/" + refund;
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !customer.get(path).state().equals("REQUESTED"));
        return customer.get(path);
    }

    /** What the provider gave back, in minor units. */
    private List<Long> refunds() {
        return provider.journal().stream()
                .filter(entry -> order.toString().equals(entry.orderId()) && entry.effect() == Effect.REFUNDED)
                .map(JournalEntry::amountMinor)
                .toList();
    }

    private long ledger(String account) {
        return jdbc.sql("""
                        SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries
                        JOIN ledger_transactions ON id = transaction_id
                        WHERE order_id = ? AND account = ?""").params(order, account).query(Long.class).single();
    }

    private static int get(Future<Integer> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
