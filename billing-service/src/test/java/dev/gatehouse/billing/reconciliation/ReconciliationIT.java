package dev.gatehouse.billing.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingStores;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.payments.PaymentProviderSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import dev.gatehouse.devstack.stores.TestStores;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Books that agree, and each way in which they may not; on a database and a provider of its own, both empty before each
 * test. No broker: steps are driven by their due times.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "server.address=127.0.0.1",
            "management.server.address=127.0.0.1",
            "spring.rabbitmq.listener.simple.auto-startup=false",
            "billing.orders.patience=1ms",
            "billing.reconciliation.grace=0s"
        })
@Import(BillingStores.class)
@ContextConfiguration(initializers = {BillingStores.Addresses.class, ReconciliationIT.OwnStores.class})
@DisabledIfEnvironmentVariable(named = "STORES", matches = "containers", disabledReason = "needs a database of its own")
class ReconciliationIT {

    private static final String API_KEY = "sk_test_reconciliation";
    private static final String EMPTY = """
            ALTER TABLE ledger_transactions DISABLE TRIGGER USER;
            ALTER TABLE ledger_entries DISABLE TRIGGER USER;
            TRUNCATE orders, order_lines, order_transitions, order_steps, outbox, payments, refunds, ledger_entries,
                ledger_transactions, differences, reconciliations, provider_events CASCADE;
            ALTER TABLE ledger_transactions ENABLE TRIGGER USER;
            ALTER TABLE ledger_entries ENABLE TRIGGER USER;
            UPDATE reconciliation_lease SET lease_until = NULL, started_at = now()""";

    private static int providerPort;

    @TempDir
    Path directory;

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    Books books;

    @Autowired
    Differences noted;

    private PaymentProviderSimulator provider;
    private StripeClient stripe;
    private BillingClient customer;
    private BillingClient operator;
    private UUID film;

    @BeforeEach
    void empty() {
        transaction.executeWithoutResult(status -> {
            // What every worker takes first, so that none is in the middle.
            jdbc.sql("LOCK TABLE order_steps, refunds IN ACCESS EXCLUSIVE MODE").update();
            jdbc.sql(EMPTY).update();
        });
        provider = PaymentProviderSimulator.start(
                PaymentProviderSettings.in(directory).withPort(providerPort).withSecrets(API_KEY, "whsec_unused"));
        stripe = StripeClient.builder()
                .setApiKey(API_KEY)
                .setApiBase(provider.baseUrl())
                .build();
        customer = BillingClient.customer(port);
        operator = BillingClient.of(port, "operator-1", "ops", "orders.read");
        film = inventory.film(50, 1000);
    }

    @AfterEach
    void stop() {
        inventory.down(false);
        provider.close();
    }

    @Test
    void findsNoDifferenceWhereThereIsNone() {
        UUID refunded = sold();
        sold();
        order("pm_card_chargeDeclined", "REJECTED");
        cancelled();
        refund(refunded, 300);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer.get("/api/orders/" + refunded).json().has("refunded"));

        Reply report = reconcile();

        assertThat(report.json().path("differences")).isEmpty();
        assertThat(report.json().path("differenceCount").asInt()).isZero();
        assertThat(report.json().path("orders").asInt()).isEqualTo(4);
        assertThat(report.json().path("payments").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(report.json().path("requestedBy").asString()).isEqualTo("operator-1");
        assertThat(meters.get("reconciliation.differences").gauges())
                .hasSize(DifferenceKind.values().length)
                .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
    }

    @Test
    void readsEveryPageOfTheProvider() throws Exception {
        UUID first = sold();
        for (int i = 0; i < 120; i++) {
            stripe.v1()
                    .paymentIntents()
                    .create(PaymentIntentCreateParams.builder()
                            .setAmount(100L)
                            .setCurrency("eur")
                            .build());
        }
        change(first, "UPDATE payments SET state = 'INTENT' WHERE order_id = ?");
        change(first, "UPDATE orders SET state = 'REJECTED' WHERE id = ?");

        Reply report = reconcile();

        assertThat(report.json().path("payments").asInt()).isEqualTo(121);
        assertThat(kinds(report, first)).contains("captured-not-confirmed");
    }

    @Test
    void findsAConfirmedOrderWhosePaymentWasNotTaken() {
        UUID order = sold();
        change(order, "UPDATE payments SET state = 'INTENT' WHERE order_id = ?");

        assertThat(kinds(reconcile(), order)).contains("confirmed-not-captured");
    }

    @Test
    void findsAnOrderThatWasPaidTwice() throws Exception {
        UUID order = sold();
        capture(order.toString());

        Reply report = reconcile();

        assertThat(kinds(report, order)).containsExactly("captured-twice");
        assertThat(report.json().at("/differences/0/expected").asString()).isEqualTo("one capture");
        assertThat(report.json().at("/differences/0/found").asString()).startsWith("2 captures: ");
        assertThat(meters.get("reconciliation.differences")
                        .tag("kind", "captured-twice")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void findsMoneyOfAnOrderThatWasGivenUpAndItsStock() {
        UUID order = sold();
        change(order, "UPDATE orders SET state = 'REJECTED' WHERE id = ?");

        assertThat(kinds(reconcile(), order))
                .containsExactlyInAnyOrder("captured-not-confirmed", "stock-held-for-final-order");
    }

    @Test
    void findsAnotherAmount() {
        UUID order = sold();
        change(order, "UPDATE orders SET total_minor = 900 WHERE id = ?");

        Reply report = reconcile();

        assertThat(kinds(report, order)).containsExactly("amount-differs");
        assertThat(report.json().at("/differences/0/expected").asString()).isEqualTo("900 EUR");
        assertThat(report.json().at("/differences/0/found").asString()).isEqualTo("1000 EUR");
    }

    @Test
    void findsAnotherCurrency() {
        UUID order = sold();
        change(order, "UPDATE orders SET currency = 'USD' WHERE id = ?");

        assertThat(kinds(reconcile(), order)).containsExactly("currency-differs");
    }

    @Test
    void findsARefundThatTheProviderDoesNotHave() {
        UUID order = sold();
        change(order, "UPDATE payments SET refund_requested_minor = 100, refunded_minor = 100 WHERE order_id = ?");

        assertThat(kinds(reconcile(), order)).containsExactlyInAnyOrder("refund-missing", "ledger-missing");
    }

    @Test
    void findsARefundThatWasMadeByHand() throws Exception {
        UUID order = sold();
        stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(paymentOf(order))
                        .setAmount(100L)
                        .build());

        Reply report = reconcile();

        assertThat(report.json().at("/differences/0/kind").asString()).isEqualTo("refund-unknown-to-us");
        assertThat(report.json().at("/differences/0/providerPaymentId").asString())
                .isEqualTo(paymentOf(order));
    }

    @Test
    void findsAPaymentThatTheProviderDoesNotHave() {
        UUID order = sold();
        change(order, "UPDATE payments SET provider_payment_id = 'pi_gone' WHERE order_id = ?");

        assertThat(kinds(reconcile(), order)).containsExactly("unknown-at-provider");
    }

    @Test
    void findsMoneyThatNobodyAskedFor() throws Exception {
        UUID nobodys = UUID.randomUUID();
        capture(nobodys.toString());
        capture("somebody else's");

        Reply report = reconcile();

        assertThat(kinds(report, nobodys)).containsExactly("unknown-to-us");
        assertThat(report.json().path("differenceCount").asInt()).isEqualTo(2);
    }

    @Test
    void findsStockThatWasNotSold() {
        UUID order = sold();
        inventory.forget(order);

        assertThat(kinds(reconcile(), order)).containsExactly("stock-not-confirmed");
    }

    @Test
    void findsAPostingThatDoesNotBalance() {
        UUID order = sold();
        meddle("UPDATE ledger_entries SET amount_minor = amount_minor + 1 WHERE account = 'payment-clearing'");

        assertThat(kinds(reconcile(), order)).containsExactly("ledger-unbalanced");
    }

    @Test
    void findsASaleThatTheLedgerDoesNotHave() {
        UUID order = sold();
        meddle("DELETE FROM ledger_entries; DELETE FROM ledger_transactions");

        Reply report = reconcile();

        assertThat(kinds(report, order)).containsExactly("ledger-missing");
        assertThat(report.json().at("/differences/0/expected").asString()).isEqualTo("sold 1000, given back 0");
    }

    @Test
    void findsAnOrderThatDoesNotComeToAnEnd() {
        provider.plan(FaultPlan.always(Operation.CREATE, Fault.ERROR_BEFORE));
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer.get("/api/orders/" + order).state().equals("RESERVED"));

        Reply report = reconcile();

        assertThat(kinds(report, order)).containsExactly("stuck-order");
        assertThat(report.json().at("/differences/0/found").asString()).isEqualTo("RESERVED");
    }

    @Test
    void findsARefundThatDoesNotComeToAnEnd() {
        UUID order = sold();
        provider.plan(FaultPlan.always(Operation.REFUND, Fault.ERROR_BEFORE));
        refund(order, 100);

        assertThat(kinds(reconcile(), order)).containsExactly("stuck-refund");
    }

    @Test
    void leavesWhatMovedAMomentAgoForTheNextTime() {
        UUID order = sold();
        Instant now = books.now();

        assertThat(books.orders(now.minusSeconds(60), now, List.of()))
                .extracting(BookedOrder::id)
                .containsExactly(order);
        assertThat(books.orders(now.minusSeconds(60), now.minusSeconds(600), List.of(order)))
                .isEmpty();
    }

    @Test
    void takesInOnceWhatAMessageClaimed() {
        UUID order = UUID.randomUUID();
        noted.note(new Difference(DifferenceKind.AMOUNT_DIFFERS, order, "pi_1", "1000 EUR", "1 EUR", "evt_1"));

        Reply first = reconcile();
        Reply second = reconcile();

        assertThat(kinds(first, order)).containsExactly("amount-differs");
        assertThat(first.json().at("/differences/0/eventId").asString()).isEqualTo("evt_1");
        assertThat(first.json().path("differenceCount").asInt()).isEqualTo(1);
        assertThat(second.json().path("differenceCount").asInt()).isZero();
    }

    @Test
    void keepsEachReport() {
        UUID order = sold();
        inventory.forget(order);
        Reply report = reconcile();

        Reply read = operator.get("/api/operations/reconciliations/" + report.id());
        Reply list = operator.get("/api/operations/reconciliations?limit=1");

        assertThat(read.json()).isEqualTo(report.json());
        assertThat(list.json().at("/items/0/id").asString())
                .isEqualTo(report.id().toString());
        assertThat(list.json().at("/items/0/differenceCount").asInt()).isEqualTo(1);
        assertThat(list.json().at("/items/0/differences")).isEmpty();
    }

    @Test
    void letsOneCompareAtATime() {
        jdbc.sql("UPDATE reconciliation_lease SET token = gen_random_uuid(), lease_until = now() + interval '1 minute'")
                .update();

        Reply refused = operator.post("/api/operations/reconciliations", "");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("reconciliation-running");
    }

    @Test
    void saysThatItKnowsNothingWhenSomebodyDoesNotAnswer() {
        sold();
        inventory.down(true);

        Reply refused = operator.post("/api/operations/reconciliations", "");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("service-unavailable");
        JsonNode report = operator.get("/api/operations/reconciliations").json().at("/items/0");
        assertThat(report.path("failure").asString()).contains("InventoryUnavailable");
        assertThat(report.has("finishedAt")).isTrue();
        inventory.down(false);
        assertThat(reconcile().json().path("differenceCount").asInt()).isZero();
    }

    @Test
    void isForOperatorsAlone() {
        assertThat(customer.post("/api/operations/reconciliations", "").problem())
                .isEqualTo("forbidden");
        assertThat(customer.get("/api/operations/reconciliations").problem()).isEqualTo("forbidden");
        assertThat(operator.get("/api/operations/reconciliations/" + UUID.randomUUID())
                        .problem())
                .isEqualTo("not-found");
        assertThat(operator.get("/api/operations/reconciliations?limit=0").problem())
                .isEqualTo("invalid-request");
    }

    private Reply reconcile() {
        Reply report = operator.post("/api/operations/reconciliations", "");
        assertThat(report.status()).as(report.body()).isEqualTo(200);
        return report;
    }

    private static List<String> kinds(Reply report, UUID order) {
        List<String> kinds = new ArrayList<>();
        for (JsonNode difference : report.json().path("differences")) {
            if (order.toString().equals(difference.path("orderId").asString(""))) {
                kinds.add(difference.path("kind").asString());
            }
        }
        return kinds;
    }

    private UUID sold() {
        return order("pm_card_visa", "CONFIRMED");
    }

    private UUID order(String paymentMethod, String end) {
        Reply reply = customer.order(film, 1, 1000, paymentMethod, "Prefer", "wait=30");
        assertThat(reply.state()).isEqualTo(end);
        return reply.id();
    }

    private void cancelled() {
        provider.plan(FaultPlan.once(Operation.CREATE, Fault.ERROR_BEFORE));
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer.post("/api/orders/" + order + "/cancellation", "")
                                        .status()
                                == 202
                        || !customer.get("/api/orders/" + order).state().equals("PLACED"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> List.of("CANCELLED", "CONFIRMED")
                        .contains(customer.get("/api/orders/" + order).state()));
    }

    private void refund(UUID order, long amountMinor) {
        Reply reply = operator.post(
                "/api/orders/" + order + "/refunds",
                "{\"amount\": {\"amountMinor\": " + amountMinor + ", \"currency\": \"EUR\"}}",
                "Idempotency-Key",
                "\"" + UUID.randomUUID() + "\"");
        assertThat(reply.status()).isEqualTo(202);
    }

    private void capture(String orderId) throws StripeException {
        stripe.v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(1000L)
                        .setCurrency("eur")
                        .setPaymentMethod("pm_card_visa")
                        .setConfirm(true)
                        .putAllMetadata(Map.of("order_id", orderId))
                        .build());
    }

    private String paymentOf(UUID order) {
        return jdbc.sql("SELECT provider_payment_id FROM payments WHERE order_id = ?")
                .param(order)
                .query(String.class)
                .single();
    }

    private void change(UUID order, String statement) {
        assertThat(jdbc.sql(statement).param(order).update()).isEqualTo(1);
    }

    /** What the ledger's triggers would refuse. */
    private void meddle(String statement) {
        jdbc.sql(
                        "ALTER TABLE ledger_transactions DISABLE TRIGGER USER; ALTER TABLE ledger_entries DISABLE TRIGGER USER; "
                                + statement
                                + "; ALTER TABLE ledger_transactions ENABLE TRIGGER USER; ALTER TABLE ledger_entries ENABLE TRIGGER USER")
                .update();
    }

    /** A database, and the address of a provider that each test starts anew; nobody listens at the broker's. */
    static class OwnStores implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            var database = TestStores.postgres().database("billing_reconciliation");
            try (var socket = new java.net.ServerSocket(0)) {
                providerPort = socket.getLocalPort();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            TestPropertyValues.of(
                            "spring.datasource.url=" + database.url(),
                            "spring.datasource.username=" + database.username(),
                            "spring.datasource.password=" + database.password(),
                            "spring.rabbitmq.port=1",
                            "billing.payment.base-url=http://127.0.0.1:" + providerPort,
                            "billing.payment.api-key=" + API_KEY)
                    .applyTo(context);
        }
    }
}
