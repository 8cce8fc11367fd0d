package dev.gatehouse.billing.order;

import dev.gatehouse.billing.inventory.InventoryClient;
import dev.gatehouse.billing.outbox.Outbox;
import dev.gatehouse.billing.payment.PaymentService;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The real classes of one instance, wired as Spring does, over tables that may be any. */
public final class OrderHandling {

    private final OrderService service;
    private final OrderWorker worker;
    private final OrderRedrive redrive;
    private final TransactionTemplate transaction;

    public OrderHandling(
            OrderTables tables,
            InventoryClient inventory,
            PaymentService payments,
            Outbox outbox,
            OrderProperties properties,
            TransactionTemplate transaction,
            JsonMapper json,
            MeterRegistry meters,
            DoubleSupplier spread,
            Consumer<Runnable> threads) {
        var signals = new OrderSignals();
        var transitions = new Transitions(tables.orders, outbox, signals, json);
        this.transaction = transaction;
        this.service = new OrderService(tables.orders, tables.steps, transitions, signals, properties);
        this.worker =
                new OrderWorker(
                        tables.orders,
                        tables.steps,
                        new Step(inventory, payments),
                        transitions,
                        payments,
                        properties,
                        transaction,
                        meters) {
                    @Override
                    double spread() {
                        return spread.getAsDouble();
                    }
                };
        this.redrive = new OrderRedrive(tables.steps, worker, properties) {
            @Override
            void begin(Runnable work) {
                threads.accept(work);
            }
        };
    }

    public OrderWorker worker() {
        return worker;
    }

    /** As its annotation says: in a transaction. */
    public Order place(String customer, List<OrderLine> lines, String paymentMethod) {
        return Objects.requireNonNull(transaction.execute(status -> service.place(customer, lines, paymentMethod)));
    }

    /** As its annotation says: in a transaction. */
    public Order cancel(UUID id, String customer) {
        return Objects.requireNonNull(transaction.execute(status -> service.cancel(id, customer)));
    }

    /** As its annotation says: in a transaction. */
    public boolean makeDue(UUID id) {
        return Objects.requireNonNull(transaction.execute(status -> service.makeDue(id)));
    }

    public void drive() throws InterruptedException {
        redrive.drive();
    }

    public void renewLeases() {
        worker.renewLeases();
    }
}
