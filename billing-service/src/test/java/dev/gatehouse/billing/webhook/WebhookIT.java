package dev.gatehouse.billing.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.BillingStores;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.billing.order.OrderWorker;
import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import dev.gatehouse.devstack.payments.WebhookEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the provider sends, what somebody else sends in its name, and what becomes of it. */
@BillingIntegrationTest
class WebhookIT {

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    PaymentProviderSimulator provider;

    @Autowired
    RabbitListenerEndpointRegistry listeners;

    @Autowired
    OrderWorker worker;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    private BillingClient customer;
    private UUID film;

    @BeforeEach
    void newCustomer() {
        customer = BillingClient.customer(port);
        film = inventory.film(5, 1000);
    }

    @AfterEach
    void quiet() {
        provider.clearFaults();
        provider.deliverWebhooksTo(null);
        listeners.getListenerContainer("order-steps").start();
    }

    @Test
    void takesAnEventOnceHoweverOftenItComes() {
        UUID order = reserved();
        String event = event(order, "payment_intent.processing", 1000, "eur");

        assertThat(send(event).status()).isEqualTo(200);
        double duplicates = received("duplicate");
        assertThat(send(event).status()).isEqualTo(200);

        assertThat(received("duplicate")).isEqualTo(duplicates + 1);
        assertThat(outcomes(order)).containsExactly("HINT");
    }

    @Test
    void takesAnEventOnceWhenItComesManyTimesAtOnce() throws Exception {
        UUID order = reserved();
        String event = event(order, "payment_intent.succeeded", 7, "eur");
        Callable<Integer> delivery = () -> send(event).status();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status :
                    threads.invokeAll(Stream.generate(() -> delivery).limit(16).toList())) {
                // 503: more at once than are worked on, and the provider will come again.
                assertThat(status.get()).isIn(200, 503);
            }
        }

        assertThat(outcomes(order)).containsExactly("DIFFERENCE");
        assertThat(differences(order)).hasSize(1);
    }

    /** The order waits for an hour; the hint lets it look now. */
    @Test
    void makesTheNextStepDueThatThenAsksTheProvider() {
        UUID order = failedPayment();

        assertThat(send(event(order, "payment_intent.processing", 1000, "eur")).status())
                .isEqualTo(200);

        await().atMost(Duration.ofSeconds(20)).until(() -> state(order).equals("PAID"));
        assertThat(outcomes(order)).containsExactly("HINT");
        assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
    }

    @Test
    void movesNothingBecauseAnEventSaysThatItWasPaid() {
        UUID order = failedPayment();
        provider.plan(FaultPlan.always(Operation.ANY, Fault.ERROR_BEFORE).order(order.toString()));

        send(event(order, "payment_intent.succeeded", 1000, "eur"));

        await().atMost(Duration.ofSeconds(20)).until(() -> attempts(order) > 1);
        assertThat(state(order)).isEqualTo("RESERVED");
        assertThat(ledgerPostings(order)).isZero();
    }

    @Test
    void leavesAParkedOrderToItsOperator() {
        UUID order = failedPayment();
        jdbc.sql("UPDATE order_steps SET parked_at = now(), parked_reason = 'test' WHERE order_id = ?")
                .param(order)
                .update();

        send(event(order, "payment_intent.processing", 1000, "eur"));

        assertThat(outcomes(order)).containsExactly("NOTHING_DUE");
        assertThat(jdbc.sql("SELECT due_at > now() + interval '30 minutes' FROM order_steps WHERE order_id = ?")
                        .param(order)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "999, eur, AMOUNT_DIFFERS, 1000 EUR, 999 EUR",
        "1000, usd, CURRENCY_DIFFERS, 1000 EUR, 1000 USD",
    })
    void writesAWrongAmountDownAndDoesNothingElse(
            long amount, String currency, String kind, String expected, String found) {
        UUID order = failedPayment();

        assertThat(send(event(order, "payment_intent.succeeded", amount, currency))
                        .status())
                .isEqualTo(200);

        assertThat(outcomes(order)).containsExactly("DIFFERENCE");
        assertThat(differences(order)).containsExactly(Map.of("kind", kind, "expected", expected, "found", found));
        assertThat(attempts(order)).isEqualTo(1);
        assertThat(state(order)).isEqualTo("RESERVED");
    }

    @Test
    void writesAPaymentDownThatNobodyAskedFor() {
        UUID nobodys = UUID.randomUUID();

        assertThat(send(event(nobodys, "payment_intent.succeeded", 1000, "eur")).status())
                .isEqualTo(200);

        assertThat(differences(nobodys))
                .containsExactly(Map.of("kind", "UNKNOWN_TO_US", "expected", "no payment", "found", "1000 EUR"));
    }

    @Test
    void writesASecondPaymentOfAnOrderDown() {
        UUID order = customer.order(film, 1, 1000, "pm_card_visa", "Prefer", "wait=20")
                .id();

        send(event(order, "payment_intent.succeeded", 1000, "eur"));

        assertThat(differences(order))
                .singleElement()
                .satisfies(difference -> assertThat(difference.get("kind")).isEqualTo("UNKNOWN_TO_US"));
    }

    @Test
    void acceptsAndCountsTypesThatSayNothingHere() {
        double before = received("unknown-type");

        Reply reply = send(event(UUID.randomUUID(), "customer.subscription.paused", 1000, "eur"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(received("unknown-type")).isEqualTo(before + 1);
    }

    @Test
    void takesEitherSecretWhileOneReplacesTheOther() {
        String body = event(reserved(), "payment_intent.processing", 1000, "eur");
        long now = Instant.now().getEpochSecond();

        assertThat(post(body, header(now, sign(BillingStores.RETIRING_SECRET, now, body)))
                        .status())
                .isEqualTo(200);
        assertThat(post(body, header(now, sign("whsec_other", now, body), sign(provider.webhookSecret(), now, body)))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "v1=", "t=1", "t=,v1=aa", "t=now,v1=aa", "v1=aa", "t=1,t=2,v1=aa", "t=1;v1=aa", "t=1,v0=zz"})
    void refusesWhatCarriesNoSignature(String header) {
        refused(post(body(), header), "unsigned", 400, "webhook-signature-invalid");
    }

    @Test
    void refusesWhatHasNoSignatureHeader() {
        refused(post(body(), null), "unsigned", 400, "webhook-signature-invalid");
    }

    @Test
    void refusesWhatIsSignedWithAnotherSecret() {
        long now = Instant.now().getEpochSecond();
        String body = body();

        refused(
                post(body, header(now, sign("whsec_other", now, body))),
                "wrong-signature",
                400,
                "webhook-signature-invalid");
    }

    @Test
    void refusesABodyThatIsNotTheOneThatWasSigned() {
        long now = Instant.now().getEpochSecond();
        String body = body();

        refused(
                post(body + " ", header(now, sign(provider.webhookSecret(), now, body))),
                "wrong-signature",
                400,
                "webhook-signature-invalid");
    }

    @Test
    void refusesATimeThatIsNotTheOneThatWasSigned() {
        long now = Instant.now().getEpochSecond();
        String body = body();

        refused(
                post(body, header(now + 1, sign(provider.webhookSecret(), now, body))),
                "wrong-signature",
                400,
                "webhook-signature-invalid");
    }

    @Test
    void refusesWhatWasSignedLongAgo() {
        refused(send(body(), Instant.now().minusSeconds(310)), "too-old", 400, "webhook-out-of-time");
        assertThat(send(body(), Instant.now().minusSeconds(280)).status()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsSignedInTheFuture() {
        refused(send(body(), Instant.now().plusSeconds(310)), "in-the-future", 400, "webhook-out-of-time");
        assertThat(send(body(), Instant.now().plusSeconds(280)).status()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsLargerThanAllowed() {
        String large = body().replace("\"livemode\"", "\"padding\": \"" + "x".repeat(256 * 1024) + "\", \"livemode\"");

        refused(send(large), "too-large", 413, "payload-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "hello", "{\"id\": ", "{\"id\": 1, \"id\": 2}"})
    void refusesWhatIsNotOneJsonObject(String text) {
        refused(send(text), "not-json", 400, "malformed-request");
    }

    @Test
    void refusesVersionsItDoesNotRead() {
        refused(
                send(body().replace("2026-06-24.dahlia", "2031-01-01.zinnia")),
                "unknown-version",
                400,
                "webhook-version-unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\": \"evt_",
                "\"object\": \"event\"",
                "\"created\"",
                "\"type\"",
                "\"amount\"",
                "\"currency\"",
                "\"id\": \"pi_"
            })
    void refusesWhatLacksAPart(String part) {
        refused(send(body().replace(part, part.replaceFirst("\"", "\"x"))), "incomplete", 400, "webhook-incomplete");
    }

    @Test
    void refusesOtherContentTypes() {
        Reply reply = post(body(), header(1, "aa"), "text/plain");

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.problem()).isEqualTo("unsupported-media-type");
    }

    /** The whole way: signed by the simulator, duplicated, late and out of order; the order ends as without. */
    @Test
    void endsOrdersTheSameHoweverTheProviderDelivers() {
        provider.deliverWebhooksTo(URI.create("http://127.0.0.1:" + port + "/api/webhooks/payments"));
        List<Fault> faults = List.of(Fault.DUPLICATE_WEBHOOKS, Fault.LATE_WEBHOOKS, Fault.REORDER_WEBHOOKS);
        faults.forEach(fault -> provider.plan(FaultPlan.once(Operation.CREATE, fault)
                .delay(Duration.ofMillis(700))
                .copies(3)));

        List<UUID> orders = faults.stream()
                .map(fault -> customer.order(film, 1, 1000, "pm_card_visa", "Prefer", "wait=30"))
                .map(Reply::id)
                .toList();

        for (UUID order : orders) {
            await().atMost(Duration.ofSeconds(20)).until(() -> state(order).equals("CONFIRMED"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> provider.webhooks().stream()
                            .filter(event -> order.toString().equals(event.orderId()))
                            .allMatch(WebhookEvent::delivered));
            assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
            assertThat(outcomes(order)).hasSize(2).doesNotContain("DIFFERENCE");
            assertThat(differences(order)).isEmpty();
        }
    }

    /** Nothing was changed, and the refusal was counted. */
    private void refused(Reply reply, String reason, int status, String problem) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.problem()).isEqualTo(problem);
        assertThat(meters.get("webhooks.refused")
                        .tag("reason", reason)
                        .counter()
                        .count())
                .isPositive();
        assertThat(jdbc.sql("SELECT count(*) FROM provider_events WHERE id = ?")
                        .param(lastEventId)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private String lastEventId = "";

    private String body() {
        return event(UUID.randomUUID(), "payment_intent.processing", 1000, "eur");
    }

    private String event(UUID order, String type, long amount, String currency) {
        lastEventId = "evt_" + UUID.randomUUID().toString().replace("-", "");
        return """
                {"id": "%s", "object": "event", "api_version": "2026-06-24.dahlia", "created": %d, "livemode": false,
                 "type": "%s", "data": {"object": {"id": "pi_%s", "object": "payment_intent", "amount": %d,
                 "currency": "%s", "metadata": {"order_id": "%s"}, "status": "succeeded"}}}""".formatted(
                        lastEventId,
                        Instant.now().getEpochSecond(),
                        type,
                        UUID.randomUUID().toString().replace("-", ""),
                        amount,
                        currency,
                        order);
    }

    private Reply send(String body) {
        return send(body, Instant.now());
    }

    private Reply send(String body, Instant at) {
        long time = at.getEpochSecond();
        return post(body, header(time, sign(provider.webhookSecret(), time, body)));
    }

    private Reply post(String body, @Nullable String signature) {
        return post(body, signature, "application/json; charset=utf-8");
    }

    private Reply post(String body, @Nullable String signature, String contentType) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/webhooks/payments"))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body));
        if (signature != null) {
            request.header("Stripe-Signature", signature);
        }
        try {
            return new Reply(BillingClient.http().send(request.build(), BodyHandlers.ofString()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String header(long time, String... signatures) {
        return "t=" + time + ",v1=" + String.join(",v1=", signatures) + ",v0=00";
    }

    private static String sign(String secret, long time, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** An order whose payment was agreed; nobody works on it. */
    private UUID reserved() {
        listeners.getListenerContainer("order-steps").stop();
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        worker.advance(order, 1);
        jdbc.sql("""
                        INSERT INTO payments (order_id, amount_minor, currency, payment_method)
                        VALUES (?, 1000, 'EUR', 'pm_card_visa')""").param(order).update();
        return order;
    }

    /** An order whose payment failed once and is to be tried again in an hour. */
    private UUID failedPayment() {
        listeners.getListenerContainer("order-steps").stop();
        UUID order = customer.order(film, 1, 1000, "pm_card_visa").id();
        provider.plan(FaultPlan.once(Operation.CREATE, Fault.ERROR_BEFORE).order(order.toString()));
        worker.advance(order, 1);
        worker.advance(order, 2);
        jdbc.sql("UPDATE order_steps SET due_at = now() + interval '1 hour' WHERE order_id = ?")
                .param(order)
                .update();
        assertThat(state(order)).isEqualTo("RESERVED");
        return order;
    }

    private double received(String outcome) {
        return meters.counter("webhooks.received", "outcome", outcome).count();
    }

    private String state(UUID order) {
        return jdbc.sql("SELECT state FROM orders WHERE id = ?")
                .param(order)
                .query(String.class)
                .single();
    }

    private int attempts(UUID order) {
        return jdbc.sql("SELECT attempts FROM order_steps WHERE order_id = ?")
                .param(order)
                .query(Integer.class)
                .single();
    }

    private long ledgerPostings(UUID order) {
        return jdbc.sql("SELECT count(*) FROM ledger_transactions WHERE order_id = ?")
                .param(order)
                .query(Long.class)
                .single();
    }

    private List<String> outcomes(UUID order) {
        return jdbc.sql("SELECT outcome FROM provider_events WHERE order_id = ?")
                .param(order)
                .query(String.class)
                .list();
    }

    private List<Map<String, Object>> differences(UUID order) {
        return jdbc.sql("SELECT kind, expected, found FROM differences WHERE order_id = ?")
                .param(order)
                .query()
                .listOfRows();
    }

    private List<Effect> effects(UUID order) {
        return provider.journal().stream()
                .filter(entry -> order.toString().equals(entry.orderId()))
                .map(JournalEntry::effect)
                .toList();
    }
}
