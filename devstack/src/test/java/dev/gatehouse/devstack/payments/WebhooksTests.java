package dev.gatehouse.devstack.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.net.Webhook;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksTests {

    @TempDir
    Path directory;

    final List<HttpListener.Request> received = new CopyOnWriteArrayList<>();
    volatile int answer = 200;
    HttpListener receiver;
    PaymentProviderSimulator simulator;
    StripeClient stripe;

    @BeforeEach
    void start() {
        receiver = HttpListener.start(0, "receiver", request -> {
            received.add(request);
            return HttpListener.Answer.json(answer, Map.of(), "{}");
        });
        open(URI.create("http://127.0.0.1:" + receiver.port() + "/webhooks"));
    }

    @AfterEach
    void stop() {
        simulator.close();
        receiver.close();
    }

    @Test
    void signsEachEventForTheOfficialSdk() throws Exception {
        PaymentIntent intent = create("pm_card_visa");
        stripe.v1().paymentIntents().capture(intent.getId());

        await().until(() -> received.size() == 2);
        // As with Stripe, the order of events is not the order of their deliveries.
        List<Event> events = received.stream().map(this::verified).toList();
        assertThat(events)
                .extracting(Event::getType)
                .containsExactlyInAnyOrder("payment_intent.amount_capturable_updated", "payment_intent.succeeded");
        Event captured = events.stream()
                .filter(event -> event.getType().equals("payment_intent.succeeded"))
                .findFirst()
                .orElseThrow();
        PaymentIntent carried =
                (PaymentIntent) captured.getDataObjectDeserializer().getObject().orElseThrow();
        assertThat(carried.getId()).isEqualTo(intent.getId());
        assertThat(carried.getAmountReceived()).isEqualTo(1250);
        assertThatThrownBy(() -> Webhook.constructEvent(
                        received.get(0).body(), received.get(0).headers().get("stripe-signature"), "whsec_other"))
                .isInstanceOf(SignatureVerificationException.class);
    }

    @Test
    void tellsOfDeclinesCancellationsAndRefunds() throws Exception {
        assertThatThrownBy(() -> create("pm_card_chargeDeclined")).isInstanceOf(CardException.class);
        stripe.v1().paymentIntents().cancel(create("pm_card_visa").getId());
        PaymentIntent paid = create("pm_card_visa");
        stripe.v1().paymentIntents().capture(paid.getId());
        stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(paid.getId())
                        .setAmount(50L)
                        .build());

        await().until(() -> received.size() == 6);
        List<Event> events = received.stream().map(this::verified).toList();
        assertThat(events)
                .extracting(Event::getType)
                .containsExactlyInAnyOrder(
                        "payment_intent.payment_failed",
                        "payment_intent.amount_capturable_updated",
                        "payment_intent.canceled",
                        "payment_intent.amount_capturable_updated",
                        "payment_intent.succeeded",
                        "charge.refunded");
        Charge charge = events.stream()
                .filter(event -> event.getType().equals("charge.refunded"))
                .map(event ->
                        (Charge) event.getDataObjectDeserializer().getObject().orElseThrow())
                .findFirst()
                .orElseThrow();
        assertThat(charge.getAmountRefunded()).isEqualTo(50);
        assertThat(charge.getPaymentIntent()).isEqualTo(paid.getId());
        assertThat(charge.getRefunded()).isFalse();
    }

    @Test
    void triesAgainUntilTheReceiverAccepts() throws Exception {
        answer = 500;
        create("pm_card_visa");
        await().until(() -> received.size() >= 2);

        answer = 200;

        await().until(() -> simulator.webhooks().getFirst().delivered());
        assertThat(received.stream().map(this::verified).map(Event::getId).distinct())
                .hasSize(1);
    }

    @Test
    void givesUpAfterTheLastWaitAndDeliversByHand() throws Exception {
        answer = 500;
        create("pm_card_visa");
        await().until(() -> simulator.webhooks().getFirst().attempts() == 6);
        assertThat(simulator.webhooks().getFirst().lastAnswer()).isEqualTo("HTTP 500");

        answer = 200;
        boolean known = simulator.resendWebhook(simulator.webhooks().getFirst().id());

        assertThat(known).isTrue();
        await().until(() -> simulator.webhooks().getFirst().delivered());
        assertThat(simulator.resendWebhook("evt_unknown")).isFalse();
    }

    @Test
    void deliversAfterARestartWhatWasNotDelivered() throws Exception {
        URI address = URI.create("http://127.0.0.1:" + receiver.port() + "/webhooks");
        receiver.close();
        create("pm_card_visa");
        await().until(() -> simulator.webhooks().getFirst().attempts() > 0);
        simulator.close();
        receiver = HttpListener.start(address.getPort(), "receiver", request -> {
            received.add(request);
            return HttpListener.Answer.json(200, Map.of(), "{}");
        });

        open(address);

        await().until(() -> received.size() == 1);
        await().until(() -> simulator.webhooks().getFirst().delivered());
        simulator.close();
        open(address);
        PaymentIntent later = create("pm_card_mastercard");
        await().until(() -> received.size() == 2);
        assertThat(((PaymentIntent) verified(received.get(1))
                                .getDataObjectDeserializer()
                                .getObject()
                                .orElseThrow())
                        .getId())
                .isEqualTo(later.getId());
    }

    @Test
    void deliversCopiesAsPlanned() throws Exception {
        simulator.plan(
                FaultPlan.once(Operation.CREATE, Fault.DUPLICATE_WEBHOOKS).copies(3));

        create("pm_card_visa");

        await().until(() -> received.size() == 3);
        assertThat(received.stream().map(this::verified).map(Event::getId).distinct())
                .hasSize(1);
    }

    @Test
    void losesWebhooksAsPlannedUntilResent() throws Exception {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.LOSE_WEBHOOKS));
        create("pm_card_visa");
        create("pm_card_visa");
        await().until(() -> simulator.webhooks().get(1).delivered());
        assertThat(simulator.webhooks().getFirst().attempts()).isZero();

        simulator.resendWebhook(simulator.webhooks().getFirst().id());

        await().until(() -> simulator.webhooks().getFirst().delivered());
    }

    @Test
    void deliversLateAsPlannedAndSignsThen() throws Exception {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.LATE_WEBHOOKS).delay(Duration.ofMillis(1500)));
        PaymentIntent late = create("pm_card_visa");

        await().until(() -> received.size() == 1);

        assertThat(paymentOf(received.getFirst())).isEqualTo(late.getId());
        assertThat(signedAt(received.getFirst())).isGreaterThan(late.getCreated());
    }

    @Test
    void deliversOutOfOrderAsPlanned() throws Exception {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.REORDER_WEBHOOKS));
        PaymentIntent intent = create("pm_card_visa");
        stripe.v1().paymentIntents().capture(intent.getId());

        await().until(() -> received.size() == 2);

        assertThat(received.stream().map(this::verified).map(Event::getType))
                .containsExactly("payment_intent.succeeded", "payment_intent.amount_capturable_updated");
    }

    @Test
    void retrievesTheEventsItMade() throws Exception {
        create("pm_card_visa");
        String id = simulator.webhooks().getFirst().id();

        assertThat(stripe.v1().events().retrieve(id).getType()).isEqualTo("payment_intent.amount_capturable_updated");
        assertThat(stripe.v1().events().list().getData()).hasSize(1);
    }

    private PaymentIntent create(String method) throws StripeException {
        return stripe.v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(1250L)
                        .setCurrency("eur")
                        .setPaymentMethod(method)
                        .setConfirm(true)
                        .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
                        .build());
    }

    private String paymentOf(HttpListener.Request request) {
        return ((PaymentIntent) verified(request)
                        .getDataObjectDeserializer()
                        .getObject()
                        .orElseThrow())
                .getId();
    }

    private static long signedAt(HttpListener.Request request) {
        String header = request.headers().get("stripe-signature");
        return Long.parseLong(header.substring("t=".length(), header.indexOf(',')));
    }

    private Event verified(HttpListener.Request request) {
        try {
            return Webhook.constructEvent(
                    request.body(), request.headers().get("stripe-signature"), simulator.webhookSecret());
        } catch (SignatureVerificationException e) {
            throw new AssertionError(e);
        }
    }

    private void open(URI address) {
        List<Duration> backOff = Collections.nCopies(5, Duration.ofMillis(50));
        simulator = PaymentProviderSimulator.start(PaymentProviderSettings.in(directory)
                .withSecrets("sk_test_hooks", "whsec_hooks")
                .withWebhooks(address, backOff));
        stripe = StripeClient.builder()
                .setApiKey(simulator.apiKey())
                .setApiBase(simulator.baseUrl())
                .build();
    }
}
