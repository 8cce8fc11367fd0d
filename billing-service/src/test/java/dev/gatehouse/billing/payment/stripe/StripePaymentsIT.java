package dev.gatehouse.billing.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentProvider;
import dev.gatehouse.billing.payment.PaymentProviderMisconfigured;
import dev.gatehouse.billing.payment.PaymentProviderUnavailable;
import dev.gatehouse.billing.payment.PaymentRefused;
import dev.gatehouse.billing.payment.ProviderPayment;
import dev.gatehouse.billing.payment.ProviderPayment.Status;
import dev.gatehouse.devstack.payments.PaymentProviderSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter alone: what the provider says on the wire, and what that means to us. */
class StripePaymentsIT {

    private static final Money PRICE = new Money(4200, "EUR");

    @TempDir
    Path folder;

    private final UUID orderId = UUID.randomUUID();
    private PaymentProviderSimulator simulator;
    private PaymentProvider stripe;

    @BeforeEach
    void start() {
        simulator = PaymentProviderSimulator.start(PaymentProviderSettings.in(folder));
        stripe = adapter(simulator.baseUrl(), simulator.apiKey());
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void followsAPaymentThroughItsLife() {
        ProviderPayment authorized = stripe.authorize(orderId, PRICE, "pm_card_visa");
        ProviderPayment captured = stripe.capture(orderId, authorized.id(), PRICE);
        ProviderPayment refunded = stripe.refund(orderId, authorized.id(), PRICE);

        assertThat(authorized.status()).isEqualTo(Status.AUTHORIZED);
        assertThat(authorized.orderId()).isEqualTo(orderId);
        assertThat(authorized.captured()).isEqualTo(Money.zero("EUR"));
        assertThat(captured.status()).isEqualTo(Status.CAPTURED);
        assertThat(captured.captured()).isEqualTo(PRICE);
        assertThat(captured.refunded()).isEqualTo(Money.zero("EUR"));
        assertThat(refunded.refunded()).isEqualTo(PRICE);
        assertThat(refunded.refundId()).startsWith("re_");
    }

    @Test
    void answersACancellationThatCameTooLateWithThePaymentAsItIs() {
        String id = stripe.authorize(orderId, PRICE, "pm_card_visa").id();
        stripe.capture(orderId, id, PRICE);

        assertThat(stripe.cancel(orderId, id).status()).isEqualTo(Status.CAPTURED);
    }

    @Test
    void answersACaptureThatCameTooLateWithThePaymentAsItIs() {
        String id = stripe.authorize(orderId, PRICE, "pm_card_visa").id();
        stripe.cancel(orderId, id);

        assertThat(stripe.capture(orderId, id, PRICE).status()).isEqualTo(Status.CANCELLED);
    }

    @Test
    void findsAPaymentByItsOrderBeyondTheFirstPage() {
        String id = stripe.authorize(orderId, PRICE, "pm_card_visa").id();
        for (int i = 0; i < 120; i++) {
            stripe.block(UUID.randomUUID(), PRICE);
        }
        Instant now = Instant.now();

        assertThat(stripe.find(orderId, now, now)).map(ProviderPayment::id).hasValue(id);
        assertThat(stripe.find(UUID.randomUUID(), now, now)).isEmpty();
    }

    @Test
    void tellsARefusedCardWithTheProvidersIdOfTheAttempt() {
        PaymentRefused refused = catchThrowableOfType(
                PaymentRefused.class, () -> stripe.authorize(orderId, PRICE, "pm_card_chargeDeclined"));

        assertThat(refused).hasMessageContaining("card-declined");
        assertThat(stripe.find(orderId, Instant.now(), Instant.now()))
                .map(ProviderPayment::declineReason)
                .hasValue("card-declined");
    }

    @Test
    void doesNotRepeatAWrongKey() {
        PaymentProvider stranger = adapter(simulator.baseUrl(), "sk_test_wrong");

        assertThatExceptionOfType(PaymentProviderMisconfigured.class)
                .isThrownBy(() -> stranger.authorize(orderId, PRICE, "pm_card_visa"))
                .withMessageNotContaining("sk_test_wrong");
    }

    @Test
    void doesNotRepeatARequestTheProviderCannotAccept() {
        assertThatExceptionOfType(PaymentProviderMisconfigured.class)
                .isThrownBy(() -> stripe.authorize(orderId, Money.zero("EUR"), "pm_card_visa"));
    }

    @Test
    void isUnavailableWhenNobodyListens() {
        String baseUrl = simulator.baseUrl();
        simulator.close();

        assertThatExceptionOfType(PaymentProviderUnavailable.class)
                .isThrownBy(() -> adapter(baseUrl, "sk_test").authorize(orderId, PRICE, "pm_card_visa"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"status\": \"requires_capture\"}",
                "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"status\": \"brand_new\", \"amount\": 1, \"currency\": \"eur\"}",
                "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"status\": \"succeeded\", \"amount\": 4200, \"currency\": \"eur\"}",
                "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"status\": \"canceled\", \"amount\": -1, \"currency\": \"eur\"}"
            })
    void takesAnAnswerItCannotReadForNone(String body) throws Exception {
        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> answered(200, body));
    }

    @ParameterizedTest
    @CsvSource({"500", "502", "503", "429", "409"})
    void isUnavailableWhenTheProviderSaysSo(int status) throws Exception {
        assertThatExceptionOfType(PaymentProviderUnavailable.class)
                .isThrownBy(() -> answered(status, "{\"error\": {\"type\": \"api_error\", \"message\": \"x\"}}"));
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404"})
    void isMisconfiguredWhenTheProviderRefusesTheRequestItself(int status) throws Exception {
        assertThatExceptionOfType(PaymentProviderMisconfigured.class)
                .isThrownBy(() ->
                        answered(status, "{\"error\": {\"type\": \"invalid_request_error\", \"message\": \"x\"}}"));
    }

    /** The adapter's reading of one fixed answer. */
    private void answered(int status, String body) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            adapter("http://127.0.0.1:" + server.getAddress().getPort(), "sk_test")
                    .authorize(orderId, PRICE, "pm_card_visa");
        } finally {
            server.stop(0);
        }
    }

    private static PaymentProvider adapter(String baseUrl, String apiKey) {
        return new StripeConfiguration()
                .stripePayments(new PaymentProperties(
                        URI.create(baseUrl),
                        apiKey,
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(2)));
    }
}
