package dev.gatehouse.billing.payment;

import static dev.gatehouse.devstack.payments.Effect.AUTHORIZED;
import static dev.gatehouse.devstack.payments.Effect.CANCELLED;
import static dev.gatehouse.devstack.payments.Effect.CAPTURED;
import static dev.gatehouse.devstack.payments.Effect.REFUNDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentOutcome.Captured;
import dev.gatehouse.billing.payment.PaymentOutcome.Declined;
import dev.gatehouse.billing.payment.UndoOutcome.Cancelled;
import dev.gatehouse.billing.payment.UndoOutcome.NothingToUndo;
import dev.gatehouse.billing.payment.UndoOutcome.Refunded;
import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

/** Money moves once, or comes back: the provider's own journal is the witness. */
@BillingIntegrationTest
class PaymentServiceIT {

    private static final Money PRICE = new Money(4200, "EUR");
    private static final String VISA = "pm_card_visa";

    @Autowired
    PaymentService payments;

    @Autowired
    PaymentProviderSimulator provider;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    private final UUID orderId = UUID.randomUUID();

    @AfterEach
    void healProvider() {
        provider.clearFaults();
    }

    @Test
    void capturesWhatWasIntendedAndBooksIt() {
        intend(VISA);

        Captured captured = (Captured) payments.pay(orderId);
        record(captured);

        assertThat(captured.amount()).isEqualTo(PRICE);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
        assertThat(state()).isEqualTo("CAPTURED");
        assertThat(balance("payment-clearing")).isEqualTo(4200);
    }

    @Test
    void paysOnceHoweverOftenItIsAsked() {
        intend(VISA);

        PaymentOutcome first = payments.pay(orderId);
        PaymentOutcome beforeRecording = payments.pay(orderId);
        record((Captured) first);
        record((Captured) first);
        PaymentOutcome afterRecording = payments.pay(orderId);

        assertThat(beforeRecording).isEqualTo(first);
        assertThat(afterRecording).isEqualTo(first);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
        assertThat(balance("payment-clearing")).isEqualTo(4200);
    }

    @Test
    void paysOnceWhenManyAskAtTheSameTime() throws Exception {
        intend(VISA);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<PaymentOutcome> pay = () -> payments.pay(orderId);
            for (Future<PaymentOutcome> attempt : threads.invokeAll(Collections.nCopies(20, pay))) {
                if (attempt.state() == Future.State.FAILED) {
                    assertThat(attempt.exceptionNow()).isInstanceOf(PaymentProviderUnavailable.class);
                }
            }
        }

        assertThat(payments.pay(orderId)).isInstanceOf(Captured.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
    }

    @Test
    void refusesASecondIntentThatDiffers() {
        intend(VISA);
        intend(VISA);

        assertThatIllegalStateException().isThrownBy(() -> intend("pm_card_mastercard"));
    }

    @Test
    void keepsProviderCallsOutOfTransactions() {
        intend(VISA);

        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(() -> transaction.execute(status -> payments.pay(orderId)));
        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(() -> payments.intend(orderId, PRICE, VISA));
        assertThat(effects()).isEmpty();
    }

    @Test
    void holdsNoDatabaseConnectionWhileTheProviderThinks(@Autowired HikariDataSource pool) throws Exception {
        intend(VISA);
        provider.plan(FaultPlan.once(Operation.CREATE, Fault.DELAY)
                .order(orderId.toString())
                .delay(Duration.ofMillis(800)));

        try (var thread = Executors.newVirtualThreadPerTaskExecutor()) {
            var paying = thread.submit(() -> payments.pay(orderId));
            // Other work of the service takes a connection now and then; this call would keep one all the time.
            await().atMost(Duration.ofMillis(700))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> provider.faults().isEmpty()
                            && pool.getHikariPoolMXBean().getActiveConnections() == 0);
            assertThat(paying.isDone()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_chargeDeclined, card-declined",
        "pm_card_chargeDeclinedInsufficientFunds, insufficient-funds",
        "pm_card_chargeDeclinedExpiredCard, card-expired",
        "pm_card_chargeDeclinedIncorrectCvc, security-code-incorrect",
        "pm_card_chargeDeclinedStolenCard, card-declined",
        "pm_card_noSuchCard, payment-method-unknown"
    })
    void recordsARefusalWithItsReason(String paymentMethod, String reason) {
        intend(paymentMethod);

        Declined declined = (Declined) payments.pay(orderId);
        inTransaction(() -> payments.recordDeclined(orderId, declined));

        assertThat(declined.reason()).isEqualTo(reason);
        assertThat(payments.pay(orderId)).isEqualTo(declined);
        assertThat(state()).isEqualTo("DECLINED");
        assertThat(effects()).isEmpty();
        assertThat(balance("payment-clearing")).isZero();
    }

    @Test
    void capturesOnceAfterATimeout() {
        intend("pm_gatehouse_timeout");

        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));
        PaymentOutcome second = payments.pay(orderId);

        assertThat(second).isInstanceOf(Captured.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
    }

    @Test
    void capturesOnceAfterAServerErrorThatHidTheCapture() {
        intend("pm_gatehouse_captureThen500");

        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));
        PaymentOutcome second = payments.pay(orderId);

        assertThat(second).isInstanceOf(Captured.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE, ERROR_BEFORE",
        "CREATE, ERROR_AFTER",
        "CREATE, ERROR_SAVED",
        "CREATE, RESET_BEFORE",
        "CREATE, RESET_AFTER",
        "CREATE, CUT_ANSWER",
        "CREATE, RATE_LIMIT",
        "CAPTURE, ERROR_BEFORE",
        "CAPTURE, ERROR_AFTER",
        "CAPTURE, ERROR_SAVED",
        "CAPTURE, RESET_BEFORE",
        "CAPTURE, RESET_AFTER",
        "CAPTURE, CUT_ANSWER",
        "CAPTURE, RATE_LIMIT"
    })
    void capturesOnceWhateverBreaksOnTheWay(Operation operation, Fault fault) {
        intend(VISA);
        provider.plan(FaultPlan.once(operation, fault).order(orderId.toString()));

        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));
        PaymentOutcome second = payments.pay(orderId);

        assertThat(second).isInstanceOf(Captured.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
    }

    @Test
    void findsThePaymentWhenTheProviderHasForgottenTheKey() {
        intend(VISA);
        provider.plan(FaultPlan.once(Operation.CREATE, Fault.RESET_AFTER).order(orderId.toString()));
        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));
        // As if a day had passed since the first call: the lookup by order must do without the key.
        jdbc.sql("update payments set first_called_at = now() - interval '21 hours' where order_id = :orderId")
                .param("orderId", orderId)
                .update();
        provider.plan(FaultPlan.always(Operation.CREATE, Fault.ERROR_BEFORE).order(orderId.toString()));

        PaymentOutcome second = payments.pay(orderId);

        assertThat(second).isInstanceOf(Captured.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED);
    }

    @ParameterizedTest
    @CsvSource({"CREATE, INTENT", "CAPTURE, AUTHORIZED"})
    void neverRecordsAnAmountThatWasNotAsked(Operation operation, String state) {
        intend(VISA);
        provider.plan(FaultPlan.once(operation, Fault.WRONG_AMOUNT)
                .order(orderId.toString())
                .amountDelta(-1));

        assertThatExceptionOfType(PaymentMismatch.class).isThrownBy(() -> payments.pay(orderId));
        assertThatExceptionOfType(PaymentMismatch.class).isThrownBy(() -> payments.pay(orderId));

        assertThat(state()).isEqualTo(state);
        assertThat(balance("payment-clearing")).isZero();
    }

    @Test
    void refusesToRecordAnotherAmountThanTheIntended() {
        intend(VISA);

        assertThatExceptionOfType(PaymentMismatch.class)
                .isThrownBy(() -> record(new Captured("pi_other", new Money(4199, "EUR"))));
        assertThat(state()).isEqualTo("INTENT");
    }

    @Test
    void chargesNothingForAFreeOrder() {
        inTransaction(() -> payments.intend(orderId, Money.zero("EUR"), VISA));

        PaymentOutcome outcome = payments.pay(orderId);
        record((Captured) outcome);

        assertThat(outcome).isEqualTo(new Captured(null, Money.zero("EUR")));
        assertThat(effects()).isEmpty();
        assertThat(payments.undo(orderId)).isEqualTo(new NothingToUndo());
        inTransaction(() -> payments.recordUndone(orderId, new NothingToUndo()));
        assertThat(state()).isEqualTo("REFUNDED");
    }

    @Test
    void undoesAFreeOrderTwice() {
        inTransaction(() -> payments.intend(orderId, Money.zero("EUR"), VISA));
        record((Captured) payments.pay(orderId));

        // A late worker and the cancellation behind it.
        undo();
        undo();

        assertThat(state()).isEqualTo("REFUNDED");
        assertThat(effects()).isEmpty();
    }

    @Test
    void undoesAnOrderThatWasNeverToBePaid() {
        UndoOutcome outcome = payments.undo(orderId);
        inTransaction(() -> payments.recordUndone(orderId, outcome));

        assertThat(outcome).isEqualTo(new NothingToUndo());
    }

    @Test
    void closesAPaymentThatTheProviderNeverHeardOf() {
        intend(VISA);

        undo();

        assertThat(state()).isEqualTo("CANCELLED");
        assertThatExceptionOfType(PaymentUndone.class).isThrownBy(() -> payments.pay(orderId));
        assertThat(effects()).isEmpty();
    }

    @Test
    void cancelsAnAuthorization() {
        intend(VISA);
        provider.plan(FaultPlan.once(Operation.CAPTURE, Fault.ERROR_BEFORE).order(orderId.toString()));
        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));

        UndoOutcome outcome = undo();

        assertThat(outcome).isInstanceOf(Cancelled.class);
        assertThat(undo()).isEqualTo(outcome);
        assertThat(effects()).containsExactly(AUTHORIZED, CANCELLED);
        assertThatExceptionOfType(PaymentUndone.class).isThrownBy(() -> payments.pay(orderId));
    }

    @Test
    void cancelsAnAuthorizationWhoseAnswerWasLost() {
        intend(VISA);
        provider.plan(FaultPlan.once(Operation.CREATE, Fault.RESET_AFTER).order(orderId.toString()));
        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));

        UndoOutcome outcome = undo();

        assertThat(outcome).isInstanceOf(Cancelled.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CANCELLED);
    }

    @Test
    void leavesNoRoomForAnAuthorizationThatArrivesLate(@Autowired PaymentProvider adapter) {
        intend(VISA);
        provider.plan(FaultPlan.once(Operation.CREATE, Fault.RESET_BEFORE).order(orderId.toString()));
        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));

        undo();

        // The first request, delayed on the network until now.
        assertThatExceptionOfType(PaymentUndone.class).isThrownBy(() -> adapter.authorize(orderId, PRICE, VISA));
        assertThat(effects()).doesNotContain(AUTHORIZED);
    }

    @Test
    void refundsACaptureOnceHoweverOftenItIsUndone() {
        intend(VISA);
        record((Captured) payments.pay(orderId));

        UndoOutcome first = payments.undo(orderId);
        UndoOutcome beforeRecording = payments.undo(orderId);
        inTransaction(() -> payments.recordUndone(orderId, first));
        inTransaction(() -> payments.recordUndone(orderId, first));
        UndoOutcome afterRecording = payments.undo(orderId);

        assertThat(first)
                .asInstanceOf(type(Refunded.class))
                .satisfies(refunded -> assertThat(refunded.amount()).isEqualTo(PRICE))
                .satisfies(refunded -> assertThat(refunded.refundId()).startsWith("re_"));
        assertThat(beforeRecording).isEqualTo(first);
        assertThat(afterRecording).isEqualTo(first);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED, REFUNDED);
        assertThat(balance("payment-clearing")).isZero();
        assertThat(balance("sales-refunds")).isEqualTo(4200);
    }

    @Test
    void refundsACaptureNobodyHadRecordedAndBooksBoth() {
        intend("pm_gatehouse_captureThen500");
        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));

        UndoOutcome outcome = undo();

        assertThat(outcome).isInstanceOf(Refunded.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED, REFUNDED);
        assertThat(balance("sales-revenue")).isEqualTo(-4200);
        assertThat(balance("sales-refunds")).isEqualTo(4200);
        assertThat(balance("payment-clearing")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR_BEFORE", "ERROR_AFTER", "ERROR_SAVED", "RESET_AFTER", "CUT_ANSWER", "RATE_LIMIT"})
    void refundsOnceWhateverBreaksOnTheWay(Fault fault) {
        intend(VISA);
        record((Captured) payments.pay(orderId));
        provider.plan(FaultPlan.once(Operation.REFUND, fault).order(orderId.toString()));

        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.undo(orderId));
        UndoOutcome second = undo();

        assertThat(second).isInstanceOf(Refunded.class);
        assertThat(effects()).containsExactly(AUTHORIZED, CAPTURED, REFUNDED);
    }

    @Test
    void endsWithoutMoneyWhenAnUndoMeetsAPaymentUnderWay() throws Exception {
        intend(VISA);
        provider.plan(FaultPlan.once(Operation.CAPTURE, Fault.DELAY)
                .order(orderId.toString())
                .delay(Duration.ofMillis(300)));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var paying = threads.submit(() -> payments.pay(orderId));
            var undoing = threads.submit(() -> payments.undo(orderId));
            ended(paying);
            ended(undoing);
        }
        undo();

        List<Effect> effects = effects();
        assertThat(effects.stream().filter(AUTHORIZED::equals).count()).isLessThanOrEqualTo(1);
        assertThat(effects.contains(CAPTURED)).isEqualTo(effects.contains(REFUNDED));
        assertThat(balance("payment-clearing")).isZero();
    }

    @Test
    void waitsForAPaymentThatIsStillProcessing() {
        intend("pm_gatehouse_processing");

        assertThatExceptionOfType(PaymentProviderUnavailable.class).isThrownBy(() -> payments.pay(orderId));
    }

    private void intend(String paymentMethod) {
        inTransaction(() -> payments.intend(orderId, PRICE, paymentMethod));
    }

    private void record(Captured captured) {
        inTransaction(() -> payments.recordPaid(orderId, captured));
    }

    private UndoOutcome undo() {
        UndoOutcome outcome = payments.undo(orderId);
        inTransaction(() -> payments.recordUndone(orderId, outcome));
        return outcome;
    }

    private void inTransaction(Runnable work) {
        transaction.executeWithoutResult(status -> work.run());
    }

    /** Whatever the end: this test asks only what is left when both are over. */
    private static void ended(Future<?> work) throws InterruptedException {
        try {
            work.get();
        } catch (ExecutionException failed) {
            assertThat(failed.getCause()).isInstanceOfAny(PaymentProviderUnavailable.class, PaymentUndone.class);
        }
    }

    private List<Effect> effects() {
        return provider.journal().stream()
                .filter(entry -> orderId.toString().equals(entry.orderId()))
                // A blank payment is cancelled without an amount: no money was involved.
                .filter(entry -> entry.amountMinor() > 0)
                .map(JournalEntry::effect)
                .toList();
    }

    private String state() {
        return jdbc.sql("select state from payments where order_id = :orderId")
                .param("orderId", orderId)
                .query(String.class)
                .single();
    }

    private long balance(String account) {
        Map<String, Long> balances = jdbc
                .sql("""
                        select account, sum(amount_minor)::bigint as balance
                        from ledger_entries join ledger_transactions on id = transaction_id
                        where order_id = :orderId group by account""")
                .param("orderId", orderId)
                .query((row, number) -> Map.entry(row.getString("account"), row.getLong("balance")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return balances.getOrDefault(account, 0L);
    }
}
