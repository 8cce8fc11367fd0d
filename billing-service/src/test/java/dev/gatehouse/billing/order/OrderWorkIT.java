package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.billing.order.OrderWorker.Progress;
import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Steps one by one, driven by hand while no message is listened to: repeated, abandoned, overtaken, failing, and
 * cancelled in each state.
 */
@BillingIntegrationTest
class OrderWorkIT {

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
    OrderSteps steps;

    @Autowired
    Orders orders;

    @Autowired
    JdbcClient jdbc;

    BillingClient customer;
    UUID film;

    @BeforeEach
    void stopListening() {
        listeners.getListenerContainer("order-steps").stop();
        customer = BillingClient.customer(port);
        film = inventory.film(5, 1000);
    }

    @AfterEach
    void listenAgain() {
        inventory.down(false);
        inventory.beforeReserve(() -> {});
        inventory.afterConfirm(() -> {});
        provider.clearFaults();
        listeners.getListenerContainer("order-steps").start();
    }

    @Test
    void takesOneStepForEachVersion() {
        UUID order = place("pm_card_visa");

        assertThat(worker.advance(order, 1)).isEqualTo(Progress.MOVED);
        assertThat(worker.advance(order, 2)).isEqualTo(Progress.MOVED);
        assertThat(worker.advance(order, 3)).isEqualTo(Progress.MOVED);

        assertThat(state(order)).isEqualTo(OrderState.CONFIRMED);
        assertThat(stepRows(order)).isZero();
    }

    @Test
    void doesNothingForDuplicatesAndForVersionsOutOfOrder() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);

        assertThat(worker.advance(order, 1)).isEqualTo(Progress.NOTHING_TO_DO);
        assertThat(worker.advance(order, 3)).isEqualTo(Progress.NOTHING_TO_DO);
        worker.advance(order, 2);
        worker.advance(order, 3);
        assertThat(worker.advance(order, 3)).isEqualTo(Progress.NOTHING_TO_DO);
        assertThat(worker.advance(order, 4)).isEqualTo(Progress.NOTHING_TO_DO);

        assertThat(versions(order)).containsExactly(1, 2, 3, 4);
        assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
    }

    @Test
    void letsOneOfManyWorkersRunAStep() throws Exception {
        UUID order = place("pm_card_visa");

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> worker.advance(order, 1)))
                    .toList();
            int moved = 0;
            for (var one : all) {
                moved += one.get() == Progress.MOVED ? 1 : 0;
            }
            assertThat(moved).isEqualTo(1);
        }

        assertThat(versions(order)).containsExactly(1, 2);
    }

    @Test
    void resumesAPaymentWhoseResultWasNotWritten() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);
        worker.advance(order, 2);
        goBackTo(order, "RESERVED", 2);

        assertThat(worker.advance(order, 2)).isEqualTo(Progress.MOVED);

        assertThat(state(order)).isEqualTo(OrderState.PAID);
        assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
        assertThat(ledgerSum(order)).isZero();
    }

    @Test
    void resumesAReservationAndAConfirmationWhoseResultWasNotWritten() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);
        goBackTo(order, "PLACED", 1);
        worker.advance(order, 1);
        worker.advance(order, 2);
        worker.advance(order, 3);
        jdbc.sql("INSERT INTO order_steps (order_id, version, due_at) VALUES (:id, 3, now() + interval '1 minute')")
                .param("id", order)
                .update();
        goBackTo(order, "PAID", 3);

        assertThat(worker.advance(order, 3)).isEqualTo(Progress.MOVED);

        assertThat(state(order)).isEqualTo(OrderState.CONFIRMED);
        assertThat(inventory.available(film)).isEqualTo(4);
    }

    @Test
    void takesUpTheStepOfAKilledWorkerWhenItsLeaseEnds() {
        UUID order = place("pm_card_visa");
        assertThat(steps.claim(order, 1, UUID.randomUUID())).hasValue(0);
        assertThat(worker.advance(order, 1)).isEqualTo(Progress.NOTHING_TO_DO);

        jdbc.sql("UPDATE order_steps SET lease_until = now(), due_at = now() WHERE order_id = :id")
                .param("id", order)
                .update();

        await().untilAsserted(() -> assertThat(state(order)).isEqualTo(OrderState.RESERVED));
    }

    @Test
    void refusesAWriterWhoseLeaseIsSomebodyElsesByNow() {
        UUID order = place("pm_card_visa");
        UUID late = UUID.randomUUID();
        steps.claim(order, 1, late);
        jdbc.sql("UPDATE order_steps SET lease_until = now() WHERE order_id = :id")
                .param("id", order)
                .update();
        steps.claim(order, 1, UUID.randomUUID());

        assertThatThrownBy(() -> steps.hold(order, late)).isInstanceOf(LateWriter.class);
    }

    @Test
    void refusesAWriterThatKnowsAnOlderVersion() {
        UUID order = place("pm_card_visa");
        Order old = orders.find(order).orElseThrow();
        worker.advance(order, 1);

        assertThatThrownBy(() -> orders.move(old, OrderState.RESERVED, null)).isInstanceOf(LateWriter.class);
        assertThatThrownBy(() -> orders.move(old, OrderState.CONFIRMED, null)).isInstanceOf(IllegalTransition.class);
    }

    @Test
    void triesAgainByItselfWhenInventoryIsBack() {
        UUID order = place("pm_card_visa");
        inventory.down(true);
        assertThat(worker.advance(order, 1)).isEqualTo(Progress.FAILED);
        assertThat(attempts(order)).isEqualTo(1);
        assertThat(worker.advance(order, 1)).isEqualTo(Progress.NOTHING_TO_DO);

        inventory.down(false);

        await().untilAsserted(() -> assertThat(state(order)).isEqualTo(OrderState.RESERVED));
        assertThat(attempts(order)).isZero();
    }

    @Test
    void parksAStepAfterItsLastAttempt() {
        UUID order = place("pm_card_visa");
        inventory.down(true);
        jdbc.sql("UPDATE order_steps SET attempts = 19, due_at = now() WHERE order_id = :id")
                .param("id", order)
                .update();

        await().untilAsserted(() -> assertThat(
                        jdbc.sql("SELECT parked_reason FROM order_steps WHERE order_id = :id AND parked_at IS NOT NULL")
                                .param("id", order)
                                .query(String.class)
                                .optional())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("InventoryUnavailable")));

        inventory.down(false);
        assertThat(worker.advance(order, 1)).isEqualTo(Progress.NOTHING_TO_DO);
        assertThat(state(order)).isEqualTo(OrderState.PLACED);
    }

    @Test
    void chargesOnceWhenTheProvidersAnswerIsLost() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);
        provider.plan(FaultPlan.once(Operation.CAPTURE, Fault.RESET_AFTER));

        assertThat(worker.advance(order, 2)).isEqualTo(Progress.FAILED);

        await().untilAsserted(() -> assertThat(state(order)).isEqualTo(OrderState.PAID));
        assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED);
    }

    @Test
    void givesTheMoneyBackWhenTheReservationIsGone() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);
        worker.advance(order, 2);
        inventory.expire(order);

        worker.advance(order, 3);
        worker.advance(order, 4);

        assertThat(state(order)).isEqualTo(OrderState.REJECTED);
        assertThat(orders.find(order).orElseThrow().reason()).isEqualTo("reservation-expired");
        assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED, Effect.REFUNDED);
        assertThat(ledgerSum(order)).isZero();
    }

    @Test
    void cancelsAnOrderThatIsPlaced() {
        UUID order = place("pm_card_visa");

        assertThat(cancel(order).status()).isEqualTo(202);
        assertThat(cancel(order).state()).isEqualTo("CANCELLING");
        worker.advance(order, 2);

        assertThat(state(order)).isEqualTo(OrderState.CANCELLED);
        assertThat(cancel(order).status()).isEqualTo(202);
        assertThat(inventory.state(order)).isEqualTo("RELEASED");
        assertThat(effects(order)).isEmpty();
    }

    @Test
    void cancelsAnOrderThatIsReserved() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);

        cancel(order);
        worker.advance(order, 3);

        assertThat(state(order)).isEqualTo(OrderState.CANCELLED);
        assertThat(inventory.available(film)).isEqualTo(5);
    }

    @Test
    void cancelsAnOrderThatIsPaidAndGivesTheMoneyBack() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);
        worker.advance(order, 2);

        cancel(order);
        worker.advance(order, 4);

        assertThat(state(order)).isEqualTo(OrderState.CANCELLED);
        assertThat(inventory.available(film)).isEqualTo(5);
        assertThat(effects(order)).containsExactly(Effect.AUTHORIZED, Effect.CAPTURED, Effect.REFUNDED);
        assertThat(ledgerSum(order)).isZero();
    }

    @Test
    void doesNotCancelWhatIsBeingSoldOrIsFinal() {
        UUID order = place("pm_card_visa");
        worker.advance(order, 1);
        worker.advance(order, 2);
        steps.claim(order, 3, UUID.randomUUID());

        assertThat(cancel(order).problem()).isEqualTo("order-not-cancellable");

        jdbc.sql("UPDATE order_steps SET lease_until = now() WHERE order_id = :id")
                .param("id", order)
                .update();
        worker.advance(order, 3);
        assertThat(state(order)).isEqualTo(OrderState.CONFIRMED);
        assertThat(cancel(order).status()).isEqualTo(409);
        assertThat(cancel(order).problem()).isEqualTo("order-not-cancellable");
    }

    @Test
    void doesNotCancelWhatIsRejected() {
        UUID order = customer.order(film, 50, 1000, "pm_card_visa").id();
        worker.advance(order, 1);
        assertThat(cancel(order).problem()).isEqualTo("order-not-cancellable");

        worker.advance(order, 2);
        assertThat(cancel(order).problem()).isEqualTo("order-not-cancellable");
    }

    @Test
    void undoesAReservationThatSucceedsDuringTheCancellation() throws Exception {
        UUID order = place("pm_card_visa");
        var reserving = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        inventory.beforeReserve(() -> {
            reserving.countDown();
            awaitUninterrupted(cancelled);
        });
        var step = CompletableFuture.supplyAsync(() -> worker.advance(order, 1));
        reserving.await();

        assertThat(cancel(order).status()).isEqualTo(202);
        assertThat(worker.advance(order, 2)).isEqualTo(Progress.NOTHING_TO_DO);
        cancelled.countDown();

        assertThat(step.get()).isEqualTo(Progress.OVERTAKEN);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(state(order)).isEqualTo(OrderState.CANCELLED));
        assertThat(inventory.available(film)).isEqualTo(5);
        assertThat(versions(order)).containsExactly(1, 2, 3);
    }

    @Test
    void freesAParkedOrderWhenItsCustomerCancels() {
        UUID order = place("pm_card_visa");
        UUID token = UUID.randomUUID();
        steps.claim(order, 1, token);
        steps.park(order, token, "for a test");

        cancel(order);
        worker.advance(order, 2);

        assertThat(state(order)).isEqualTo(OrderState.CANCELLED);
    }

    private UUID place(String paymentMethod) {
        return customer.order(film, 1, 1000, paymentMethod).id();
    }

    private BillingClient.Reply cancel(UUID order) {
        return customer.post("/api/orders/" + order + "/cancellation", "");
    }

    private OrderState state(UUID order) {
        return orders.find(order).orElseThrow().state();
    }

    private List<Integer> versions(UUID order) {
        return orders.find(order).orElseThrow().history().stream()
                .map(Transition::version)
                .toList();
    }

    /** What a crash between a call and its transaction leaves: the effect outside, nothing here. */
    private void goBackTo(UUID order, String state, int version) {
        for (String sql : List.of(
                "UPDATE orders SET state = :state, version = :version WHERE id = :id",
                "DELETE FROM order_transitions WHERE order_id = :id AND version > :version",
                "DELETE FROM outbox WHERE aggregate_id = :id AND aggregate_version > :version",
                "UPDATE order_steps SET version = :version, lease_until = NULL, attempts = 0 WHERE order_id = :id")) {
            jdbc.sql(sql)
                    .params(Map.of("id", order, "state", state, "version", version))
                    .update();
        }
    }

    private int attempts(UUID order) {
        return jdbc.sql("SELECT attempts FROM order_steps WHERE order_id = :id")
                .param("id", order)
                .query(Integer.class)
                .single();
    }

    private long stepRows(UUID order) {
        return jdbc.sql("SELECT count(*) FROM order_steps WHERE order_id = :id")
                .param("id", order)
                .query(Long.class)
                .single();
    }

    private long ledgerSum(UUID order) {
        return jdbc.sql(
                        "SELECT coalesce(sum(amount_minor), -1) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.order_id = :id")
                .param("id", order)
                .query(Long.class)
                .single();
    }

    private List<Effect> effects(UUID order) {
        return provider.journal().stream()
                .filter(entry -> order.toString().equals(entry.orderId()))
                .map(JournalEntry::effect)
                .toList();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
