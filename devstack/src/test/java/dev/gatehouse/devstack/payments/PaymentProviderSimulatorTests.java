package dev.gatehouse.devstack.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.RefundCreateParams;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentProviderSimulatorTests {

    @TempDir
    Path directory;

    PaymentProviderSimulator simulator;
    StripeClient stripe;

    @BeforeEach
    void start() {
        open(PaymentProviderSettings.in(directory));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void authorizesThenCapturesTheWholeAmount() throws StripeException {
        PaymentIntent authorized = create(manual("pm_card_visa").putMetadata("order_id", "order-1"), "key-1");
        PaymentIntent captured = stripe.v1().paymentIntents().capture(authorized.getId());

        assertThat(authorized.getStatus()).isEqualTo("requires_capture");
        assertThat(authorized.getAmountCapturable()).isEqualTo(1250);
        assertThat(authorized.getCurrency()).isEqualTo("eur");
        assertThat(authorized.getMetadata()).containsEntry("order_id", "order-1");
        assertThat(captured.getStatus()).isEqualTo("succeeded");
        assertThat(captured.getAmountReceived()).isEqualTo(1250);
        assertThat(captured.getAmountCapturable()).isZero();
        assertThat(captured.getLatestCharge()).startsWith("ch_");
        assertThat(simulator.journal())
                .extracting(JournalEntry::effect, JournalEntry::amountMinor, JournalEntry::orderId)
                .containsExactly(tuple(Effect.AUTHORIZED, 1250L, "order-1"), tuple(Effect.CAPTURED, 1250L, "order-1"));
        assertThat(simulator.journal().getFirst().idempotencyKey()).isEqualTo("key-1");
        assertThat(simulator.journal().getFirst().currency()).isEqualTo("EUR");
    }

    @Test
    void capturesAPartAndLetsTheRestGo() throws StripeException {
        PaymentIntent authorized = create(manual("pm_card_mastercard"), "key-1");

        PaymentIntent captured = stripe.v1()
                .paymentIntents()
                .capture(
                        authorized.getId(),
                        PaymentIntentCaptureParams.builder()
                                .setAmountToCapture(1000L)
                                .build());

        assertThat(captured.getAmountReceived()).isEqualTo(1000);
        assertThat(captured.getAmountCapturable()).isZero();
        assertThat(simulator.journal().getLast().amountMinor()).isEqualTo(1000);
    }

    @Test
    void refusesToCaptureMoreThanWasAuthorizedOrTwice() throws StripeException {
        PaymentIntent authorized = create(manual("pm_card_visa"), "key-1");
        PaymentIntentCaptureParams tooMuch =
                PaymentIntentCaptureParams.builder().setAmountToCapture(1251L).build();

        InvalidRequestException more = catchThrowableOfType(
                InvalidRequestException.class,
                () -> stripe.v1().paymentIntents().capture(authorized.getId(), tooMuch));
        stripe.v1().paymentIntents().capture(authorized.getId());
        InvalidRequestException twice = catchThrowableOfType(
                InvalidRequestException.class,
                () -> stripe.v1().paymentIntents().capture(authorized.getId()));

        assertThat(more.getCode()).isEqualTo("amount_too_large");
        assertThat(twice.getCode()).isEqualTo("payment_intent_unexpected_state");
        assertThat(simulator.journal()).hasSize(2);
    }

    @Test
    void capturesAtOnceWhenCaptureIsAutomatic() throws StripeException {
        PaymentIntent intent =
                create(manual("pm_card_visa").setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.AUTOMATIC), "k");

        assertThat(intent.getStatus()).isEqualTo("succeeded");
        assertThat(simulator.journal()).extracting(JournalEntry::effect).containsExactly(Effect.CAPTURED);
    }

    @Test
    void confirmsLaterWithAMethodGivenThen() throws StripeException {
        PaymentIntent bare = create(manual(null).setConfirm(false), "key-1");
        PaymentIntent chosen = create(manual("pm_card_visa").setConfirm(false), "key-2");

        PaymentIntent confirmed = stripe.v1()
                .paymentIntents()
                .confirm(
                        bare.getId(),
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_visa")
                                .build());

        assertThat(bare.getStatus()).isEqualTo("requires_payment_method");
        assertThat(chosen.getStatus()).isEqualTo("requires_confirmation");
        assertThat(confirmed.getStatus()).isEqualTo("requires_capture");
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_chargeDeclined,card_declined,generic_decline",
        "pm_card_visa_chargeDeclined,card_declined,generic_decline",
        "pm_card_chargeDeclinedInsufficientFunds,card_declined,insufficient_funds",
        "pm_card_chargeDeclinedLostCard,card_declined,lost_card",
        "pm_card_chargeDeclinedStolenCard,card_declined,stolen_card",
        "pm_card_chargeDeclinedExpiredCard,expired_card,",
        "pm_card_chargeDeclinedIncorrectCvc,incorrect_cvc,",
        "pm_card_chargeDeclinedProcessingError,processing_error,",
    })
    void declinesWithoutMovingMoney(String token, String code, String declineCode) throws StripeException {
        CardException declined = catchThrowableOfType(CardException.class, () -> create(manual(token), "key-1"));

        assertThat(declined.getStatusCode()).isEqualTo(402);
        assertThat(declined.getCode()).isEqualTo(code);
        assertThat(declined.getDeclineCode()).isEqualTo(declineCode);
        PaymentIntent intent = declined.getStripeError().getPaymentIntent();
        PaymentIntent now = stripe.v1().paymentIntents().retrieve(intent.getId());
        assertThat(now.getStatus()).isEqualTo("requires_payment_method");
        assertThat(now.getLastPaymentError().getCode()).isEqualTo(code);
        assertThat(simulator.journal()).isEmpty();
    }

    @Test
    void cancelsAnAuthorizationOnce() throws StripeException {
        PaymentIntent authorized = create(manual("pm_card_visa"), "key-1");

        PaymentIntent canceled = stripe.v1()
                .paymentIntents()
                .cancel(
                        authorized.getId(),
                        PaymentIntentCancelParams.builder()
                                .setCancellationReason(
                                        PaymentIntentCancelParams.CancellationReason.REQUESTED_BY_CUSTOMER)
                                .build());

        assertThat(canceled.getStatus()).isEqualTo("canceled");
        assertThat(canceled.getCancellationReason()).isEqualTo("requested_by_customer");
        assertThat(canceled.getAmountCapturable()).isZero();
        assertThatThrownBy(() -> stripe.v1().paymentIntents().cancel(authorized.getId()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("canceled");
        assertThat(simulator.journal())
                .extracting(JournalEntry::effect)
                .containsExactly(Effect.AUTHORIZED, Effect.CANCELLED);
    }

    @Test
    void refundsInPartsUpToWhatWasCaptured() throws StripeException {
        PaymentIntent intent = create(manual("pm_card_visa"), "key-1");
        stripe.v1().paymentIntents().capture(intent.getId());
        RefundCreateParams.Builder part = RefundCreateParams.builder().setPaymentIntent(intent.getId());

        Refund first = stripe.v1().refunds().create(part.setAmount(250L).build());
        InvalidRequestException tooMuch = catchThrowableOfType(
                InvalidRequestException.class,
                () -> stripe.v1().refunds().create(part.setAmount(1001L).build()));
        Refund rest = stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(intent.getId())
                        .build());
        InvalidRequestException nothingLeft = catchThrowableOfType(
                InvalidRequestException.class,
                () -> stripe.v1().refunds().create(part.setAmount(1L).build()));

        assertThat(first.getStatus()).isEqualTo("succeeded");
        assertThat(rest.getAmount()).isEqualTo(1000);
        assertThat(tooMuch.getCode()).isEqualTo("amount_too_large");
        assertThat(nothingLeft.getCode()).isEqualTo("charge_already_refunded");
        assertThat(stripe.v1().refunds().retrieve(first.getId()).getPaymentIntent())
                .isEqualTo(intent.getId());
        assertThat(simulator.journal().stream()
                        .filter(entry -> entry.effect() == Effect.REFUNDED)
                        .mapToLong(JournalEntry::amountMinor)
                        .sum())
                .isEqualTo(1250);
    }

    @Test
    void refusesToRefundWhatWasNeverCaptured() throws StripeException {
        PaymentIntent authorized = create(manual("pm_card_visa"), "key-1");

        assertThatThrownBy(() -> stripe.v1()
                        .refunds()
                        .create(RefundCreateParams.builder()
                                .setPaymentIntent(authorized.getId())
                                .build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("does not have a successful charge");
    }

    @Test
    void expandsTheLatestCharge() throws StripeException {
        PaymentIntent intent = create(manual("pm_card_visa"), "key-1");

        PaymentIntent expanded = stripe.v1()
                .paymentIntents()
                .retrieve(
                        intent.getId(),
                        PaymentIntentRetrieveParams.builder()
                                .addExpand("latest_charge")
                                .build());

        assertThat(expanded.getLatestChargeObject().getAmount()).isEqualTo(1250);
        assertThat(expanded.getLatestChargeObject().getCaptured()).isFalse();
        assertThat(expanded.getLatestChargeObject()
                        .getPaymentMethodDetails()
                        .getCard()
                        .getLast4())
                .isEqualTo("4242");
    }

    @Test
    void listsTheNewestFirstPageByPage() throws StripeException {
        for (int i = 0; i < 5; i++) {
            create(manual("pm_card_visa").putMetadata("order_id", "order-" + i), "key-" + i);
        }
        PaymentIntentListParams params =
                PaymentIntentListParams.builder().setLimit(2L).build();

        List<String> orders = new ArrayList<>();
        stripe.v1()
                .paymentIntents()
                .list(params)
                .autoPagingIterable()
                .forEach(intent -> orders.add(intent.getMetadata().get("order_id")));

        assertThat(orders).containsExactly("order-4", "order-3", "order-2", "order-1", "order-0");
    }

    @Test
    void listsOnlyWhatWasCreatedInTheAskedTime() throws StripeException {
        PaymentIntent intent = create(manual("pm_card_visa"), "key-1");

        assertThat(listed(intent.getCreated())).isEqualTo(1);
        assertThat(listed(intent.getCreated() + 1)).isZero();
    }

    @Test
    void replaysTheAnswerOfAKey() throws StripeException {
        PaymentIntent first = create(manual("pm_card_visa"), "key-1");
        PaymentIntent second = create(manual("pm_card_visa"), "key-1");

        assertThat(second.getLastResponse().body())
                .isEqualTo(first.getLastResponse().body());
        assertThat(first.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .isEmpty();
        assertThat(second.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void replaysADeclineOfAKey() {
        assertThatThrownBy(() -> create(manual("pm_card_chargeDeclined"), "key-1"))
                .isInstanceOf(CardException.class);
        assertThatThrownBy(() -> create(manual("pm_card_chargeDeclined"), "key-1"))
                .isInstanceOf(CardException.class);

        assertThat(simulator.webhooks()).hasSize(1);
    }

    @Test
    void refusesAKeyWithOtherParameters() throws StripeException {
        create(manual("pm_card_visa"), "key-1");

        IdempotencyException reused = catchThrowableOfType(
                IdempotencyException.class, () -> create(manual("pm_card_visa").setAmount(1L), "key-1"));

        assertThat(reused.getStatusCode()).isEqualTo(400);
        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void remembersNothingOfAKeyWhoseParametersWereWrong() throws StripeException {
        assertThatThrownBy(() -> create(manual("pm_unknown"), "key-1")).isInstanceOf(InvalidRequestException.class);

        assertThat(create(manual("pm_card_visa"), "key-1").getStatus()).isEqualTo("requires_capture");
    }

    @Test
    void chargesOnceWhenOneKeyComesHundredTimesAtOnce() throws Exception {
        List<String> answers;
        try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
            List<Callable<String>> calls = IntStream.range(0, 100)
                    .<Callable<String>>mapToObj(i -> () -> {
                        try {
                            return create(manual("pm_card_visa"), "key-1").getId();
                        } catch (ApiException e) {
                            return e.getStatusCode() + " " + e.getCode();
                        }
                    })
                    .toList();
            answers = callers.invokeAll(calls).stream()
                    .map(Future::resultNow)
                    .distinct()
                    .toList();
        }

        assertThat(answers).filteredOn(answer -> answer.startsWith("pi_")).hasSize(1);
        assertThat(answers).allMatch(answer -> answer.startsWith("pi_") || answer.equals("409 idempotency_key_in_use"));
        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void answers409WhileTheFirstRequestOfAKeyIsHeld() throws Exception {
        // The answer of a time-out token is remembered before it is held back, so only a request that is still
        // working makes a key busy: two captures of one intent wait for each other.
        PaymentBook book = new PaymentBook(directory.resolve("other"), line -> {});

        assertThat(book.claim("key", "print")).isNull();
        assertThatThrownBy(() -> book.claim("key", "print"))
                .isInstanceOfSatisfying(
                        StripeError.class, error -> assertThat(error.status()).isEqualTo(409));
        book.abandon("key");
        assertThat(book.claim("key", "print")).isNull();
        book.close();
    }

    @Test
    void refusesAMissingOrWrongKeyOfTheCaller() {
        StripeClient stranger = client("sk_test_wrong", 30_000);

        AuthenticationException refused = catchThrowableOfType(
                AuthenticationException.class,
                () -> stranger.v1().paymentIntents().retrieve("pi_1"));

        assertThat(refused.getStatusCode()).isEqualTo(401);
    }

    @Test
    void answers404ForAnUnknownIntent() {
        InvalidRequestException unknown = catchThrowableOfType(
                InvalidRequestException.class,
                () -> stripe.v1().paymentIntents().retrieve("pi_unknown"));

        assertThat(unknown.getStatusCode()).isEqualTo(404);
        assertThat(unknown.getCode()).isEqualTo("resource_missing");
    }

    @ParameterizedTest
    @CsvSource({
        "amount=0,parameter_invalid_integer",
        "amount=-1,parameter_invalid_integer",
        "amount=many,parameter_invalid_integer",
        "amount=100000000,amount_too_large",
        "amount=,parameter_missing",
        "currency=zzz,",
        "capture_method=someday,",
        "payment_method=pm_unknown,resource_missing",
        "card[number]=4242,parameter_unknown",
        "confirm=perhaps,",
        "expand[]=customer,",
        "description=%zz,",
    })
    void refusesWrongParameters(String parameter, String code) throws Exception {
        String form = "amount=1&currency=eur&payment_method=pm_card_visa&confirm=true&" + parameter;
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/v1/payment_intents"))
                .header("Authorization", "Bearer " + simulator.apiKey())
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();

        HttpResponse<String> refused;
        try (HttpClient http = HttpClient.newHttpClient()) {
            refused = http.send(request, HttpResponse.BodyHandlers.ofString());
        }

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("invalid_request_error").contains(code == null ? "" : code);
        assertThat(simulator.journal()).isEmpty();
    }

    @Test
    void knowsEveryPaymentAndKeyAfterARestart() throws StripeException {
        PaymentIntent intent = create(manual("pm_card_visa").putMetadata("order_id", "order-1"), "key-1");
        assertThatThrownBy(() -> create(manual("pm_card_chargeDeclined"), "key-2"))
                .isInstanceOf(CardException.class);
        List<JournalEntry> before = simulator.journal();

        restart();

        assertThat(simulator.journal()).isEqualTo(before);
        assertThat(create(manual("pm_card_visa").putMetadata("order_id", "order-1"), "key-1")
                        .getLastResponse()
                        .body())
                .isEqualTo(intent.getLastResponse().body());
        assertThatThrownBy(() -> create(manual("pm_card_chargeDeclined"), "key-2"))
                .isInstanceOf(CardException.class);
        assertThat(stripe.v1().paymentIntents().capture(intent.getId()).getStatus())
                .isEqualTo("succeeded");
    }

    @Test
    void cutsAnUnfinishedLineOffTheJournal() throws Exception {
        create(manual("pm_card_visa"), "key-1");
        simulator.close();
        Files.writeString(directory.resolve("journal.jsonl"), "{\"sequence\":2,\"at", StandardOpenOption.APPEND);

        open(PaymentProviderSettings.in(directory));
        create(manual("pm_card_visa"), "key-2");

        assertThat(simulator.journal()).hasSize(2);
    }

    @Test
    void namesTheDamagedLineOfAJournal() throws IOException {
        simulator.close();
        Files.writeString(directory.resolve("journal.jsonl"), "{}\nnonsense\n");

        assertThatThrownBy(() -> PaymentProviderSimulator.start(PaymentProviderSettings.in(directory)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("damaged in line");
    }

    @Test
    void refusesATakenPortAndATakenDirectory() {
        PaymentProviderSettings other = PaymentProviderSettings.in(directory.resolve("other"));

        assertThatThrownBy(() -> PaymentProviderSimulator.start(other.withPort(simulator.port())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Port " + simulator.port());
        assertThatThrownBy(() -> PaymentProviderSimulator.start(PaymentProviderSettings.in(directory)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Another payment provider");
        PaymentProviderSimulator.start(other).close(); // the failed start let go of its directory
    }

    @Test
    void holdsTheFirstAnswerOfTheTimeoutTokenAndAnswersItsRepeat() throws StripeException {
        ApiConnectionException timeout = catchThrowableOfType(
                ApiConnectionException.class, () -> createImpatiently(manual("pm_gatehouse_timeout"), "key"));

        assertThat(timeout).hasMessageContaining("Read timed out");
        assertThat(create(manual("pm_gatehouse_timeout"), "key").getStatus()).isEqualTo("requires_capture");
        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void capturesThenAnswers500OnceForTheTokenOfThatName() throws StripeException {
        PaymentIntent intent = create(manual("pm_gatehouse_captureThen500"), "key-1");
        RequestOptions key = options("key-2");

        ApiException failed = catchThrowableOfType(
                ApiException.class, () -> stripe.v1().paymentIntents().capture(intent.getId(), key));
        PaymentIntent again = stripe.v1().paymentIntents().capture(intent.getId(), key);

        assertThat(failed.getStatusCode()).isEqualTo(500);
        assertThat(again.getStatus()).isEqualTo("succeeded");
        assertThat(simulator.journal())
                .extracting(JournalEntry::effect)
                .containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
    }

    @Test
    void endsProcessingByItselfEvenAfterARestart() throws StripeException {
        PaymentIntent processing = create(manual("pm_gatehouse_processing"), "key-1");

        restart();

        assertThat(processing.getStatus()).isEqualTo("processing");
        await().untilAsserted(() -> assertThat(stripe.v1()
                        .paymentIntents()
                        .retrieve(processing.getId())
                        .getStatus())
                .isEqualTo("requires_capture"));
    }

    @Test
    void failsBeforeTheEffectAsPlanned() throws StripeException {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.ERROR_BEFORE));

        ApiException failed = catchThrowableOfType(ApiException.class, () -> create(manual("pm_card_visa"), "key-1"));

        assertThat(failed.getStatusCode()).isEqualTo(500);
        assertThat(simulator.journal()).isEmpty();
        assertThat(simulator.faults()).isEmpty();
        assertThat(create(manual("pm_card_visa"), "key-1").getStatus()).isEqualTo("requires_capture");
    }

    @Test
    void failsAfterTheEffectAsPlanned() throws StripeException {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.ERROR_AFTER));

        assertThatThrownBy(() -> create(manual("pm_card_visa"), "key-1")).isInstanceOf(ApiException.class);

        assertThat(simulator.journal()).hasSize(1);
        assertThat(create(manual("pm_card_visa"), "key-1").getStatus()).isEqualTo("requires_capture");
        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void remembersAnErrorOfAKeyAsPlanned() {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.ERROR_SAVED));

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> create(manual("pm_card_visa"), "key-1")).isInstanceOf(ApiException.class);
        }

        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void limitsTheRateAsPlannedForOneOrderOnly() throws StripeException {
        simulator.plan(FaultPlan.always(Operation.ANY, Fault.RATE_LIMIT).order("order-1"));

        create(manual("pm_card_visa").putMetadata("order_id", "order-2"), "key-2");
        RateLimitException limited = catchThrowableOfType(
                RateLimitException.class,
                () -> create(manual("pm_card_visa").putMetadata("order_id", "order-1"), "key-1"));

        assertThat(limited.getStatusCode()).isEqualTo(429);
        simulator.clearFaults();
        create(manual("pm_card_visa").putMetadata("order_id", "order-1"), "key-1");
    }

    @Test
    void refusesTheApiKeyAsPlannedAndForgetsTheRequest() throws StripeException {
        simulator.plan(FaultPlan.once(Operation.CREATE, Fault.KEY_REFUSED));

        AuthenticationException refused =
                catchThrowableOfType(AuthenticationException.class, () -> create(manual("pm_card_visa"), "key-1"));

        assertThat(refused.getStatusCode()).isEqualTo(401);
        assertThat(simulator.journal()).isEmpty();
        assertThat(create(manual("pm_card_visa"), "key-1").getStatus()).isEqualTo("requires_capture");
    }

    @ParameterizedTest
    @CsvSource({"RESET_BEFORE,0", "RESET_AFTER,1", "CUT_ANSWER,1"})
    void breaksTheConnectionAsPlanned(Fault fault, int effects) throws StripeException {
        simulator.plan(FaultPlan.always(Operation.CREATE, fault));

        assertThatThrownBy(() -> create(manual("pm_card_visa"), "key-1")).isInstanceOf(ApiConnectionException.class);

        assertThat(simulator.journal()).hasSize(effects);
        simulator.clearFaults();
        assertThat(create(manual("pm_card_visa"), "key-1").getStatus()).isEqualTo("requires_capture");
        assertThat(simulator.journal()).hasSize(1);
    }

    @Test
    void delaysEachSecondAnswerAsPlanned() throws StripeException {
        simulator.plan(FaultPlan.always(Operation.CREATE, Fault.DELAY).every(2).delay(Duration.ofSeconds(30)));

        create(manual("pm_card_visa"), "key-1");

        assertThatThrownBy(() -> createImpatiently(manual("pm_card_visa"), "key-2"))
                .isInstanceOf(ApiConnectionException.class)
                .hasMessageContaining("Read timed out");
        assertThat(simulator.journal()).hasSize(2);
    }

    @Test
    void movesAnotherAmountAsPlanned() throws StripeException {
        PaymentIntent intent = create(manual("pm_card_visa"), "key-1");
        simulator.plan(FaultPlan.once(Operation.CAPTURE, Fault.WRONG_AMOUNT).amountDelta(-50));

        PaymentIntent captured = stripe.v1().paymentIntents().capture(intent.getId());

        assertThat(captured.getAmountReceived()).isEqualTo(1200);
        assertThat(simulator.journal().getLast().amountMinor()).isEqualTo(1200);
    }

    private long listed(long createdFrom) throws StripeException {
        return stripe.v1()
                .paymentIntents()
                .list(PaymentIntentListParams.builder()
                        .setCreated(PaymentIntentListParams.Created.builder()
                                .setGte(createdFrom)
                                .build())
                        .build())
                .getData()
                .size();
    }

    /** Has less patience than the simulator's faults last, but more than a busy machine needs. */
    private PaymentIntent createImpatiently(PaymentIntentCreateParams.Builder params, String key)
            throws StripeException {
        return client(simulator.apiKey(), 3_000).v1().paymentIntents().create(params.build(), options(key));
    }

    private PaymentIntent create(PaymentIntentCreateParams.Builder params, String key) throws StripeException {
        return stripe.v1().paymentIntents().create(params.build(), options(key));
    }

    private static RequestOptions options(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    private static PaymentIntentCreateParams.Builder manual(String method) {
        return PaymentIntentCreateParams.builder()
                .setAmount(1250L)
                .setCurrency("EUR")
                .setPaymentMethod(method)
                .setConfirm(true)
                .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL);
    }

    private void restart() {
        simulator.close();
        open(PaymentProviderSettings.in(directory));
    }

    private void open(PaymentProviderSettings settings) {
        simulator = PaymentProviderSimulator.start(settings.withProcessingTime(Duration.ofMillis(300)));
        stripe = client(simulator.apiKey(), 30_000);
    }

    private StripeClient client(String apiKey, int readTimeoutMillis) {
        return StripeClient.builder()
                .setApiKey(apiKey)
                .setApiBase(simulator.baseUrl())
                .setReadTimeout(readTimeoutMillis)
                .setMaxNetworkRetries(0)
                .build();
    }
}
