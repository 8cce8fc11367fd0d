package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.ledger.Ledger;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.simulation.Database;
import dev.gatehouse.billing.simulation.Safeguard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of payments in the simulation's database, behind the same door as the real one. */
public final class PaymentTables {

    private static final Duration KEYS_RELIED_ON = Duration.ofHours(20);

    private final Database.Table<UUID, Row> rows;
    private final Database database;
    private final Set<Safeguard> removed;
    final Payments payments = new SimulatedPayments();

    public PaymentTables(Database database, Set<Safeguard> removed) {
        this.database = database;
        this.rows = database.new Table<>("payments");
        this.removed = removed;
    }

    /** The real service over this table. */
    public PaymentService service(PaymentProvider provider, Ledger ledger) {
        if (!removed.contains(Safeguard.LATE_REFUND)) {
            return new PaymentService(payments, provider, ledger);
        }
        return new PaymentService(payments, provider, ledger) {
            @Override
            public UndoOutcome undo(UUID orderId) {
                // Believes its own record and does not look what became of the call.
                Optional<Payment> known = payments.startUndo(orderId);
                return known.isPresent() && known.get().state() == PaymentState.CAPTURED
                        ? super.undo(orderId)
                        : new UndoOutcome.NothingToUndo();
            }
        };
    }

    /** The recorded state of each payment by its name, for reports. */
    public List<String> committed() {
        return rows.committed().stream()
                .map(row -> row.payment.state() + (row.undoRequested ? " undone" : ""))
                .toList();
    }

    private record Row(Payment payment, boolean undoRequested) {}

    private final class SimulatedPayments extends Payments {

        SimulatedPayments() {
            super(null);
        }

        private Payment seen(Row row) {
            Payment known = row.payment;
            boolean forgotten = known.firstCalledAt() != null
                    && known.firstCalledAt().isBefore(database.now().minus(KEYS_RELIED_ON));
            return with(
                    known,
                    known.state(),
                    known.providerPaymentId(),
                    known.refundId(),
                    known.declineReason(),
                    forgotten);
        }

        private Payment with(
                Payment old,
                PaymentState state,
                @Nullable String providerPaymentId,
                @Nullable String refundId,
                @Nullable String declineReason,
                boolean forgotten) {
            return new Payment(
                    old.orderId(),
                    old.amount(),
                    old.paymentMethod(),
                    state,
                    providerPaymentId,
                    refundId,
                    declineReason,
                    old.calls(),
                    old.firstCalledAt(),
                    old.lastCalledAt(),
                    forgotten);
        }

        private static boolean open(Row row) {
            return (row.payment.state() == PaymentState.INTENT || row.payment.state() == PaymentState.AUTHORIZED)
                    && !row.undoRequested;
        }

        @Override
        boolean add(UUID orderId, Money amount, String paymentMethod) {
            var intent = new Payment(
                    orderId, amount, paymentMethod, PaymentState.INTENT, null, null, null, 0, null, null, false);
            return database.statement("payments.add", () -> {
                database.requireTransaction();
                return rows.insert(orderId, new Row(intent, false));
            });
        }

        @Override
        Optional<Payment> find(UUID orderId) {
            return database.statement("payments.find", () -> rows.read(orderId).map(this::seen));
        }

        @Override
        Optional<Payment> startCharge(UUID orderId) {
            return database.statement("payments.startCharge", () -> {
                if (removed.contains(Safeguard.UNDO_INTENT)) {
                    return rows.read(orderId)
                            .filter(SimulatedPayments::open)
                            .map(row -> called(row.payment))
                            .map(payment -> seen(new Row(payment, false)));
                }
                return rows.update(orderId, SimulatedPayments::open, row -> new Row(called(row.payment), false))
                        .map(this::seen);
            });
        }

        private Payment called(Payment old) {
            Instant first = old.firstCalledAt();
            return new Payment(
                    old.orderId(),
                    old.amount(),
                    old.paymentMethod(),
                    old.state(),
                    old.providerPaymentId(),
                    old.refundId(),
                    old.declineReason(),
                    old.calls() + 1,
                    first == null ? database.now() : first,
                    database.now(),
                    false);
        }

        @Override
        Optional<Payment> startUndo(UUID orderId) {
            return database.statement(
                    "payments.startUndo",
                    () -> rows.update(orderId, row -> true, row -> new Row(row.payment, true))
                            .map(this::seen));
        }

        @Override
        boolean authorized(UUID orderId, String providerPaymentId) {
            return database.statement(
                    "payments.authorized",
                    () -> rows.update(
                                    orderId,
                                    row -> open(row)
                                            && (row.payment.providerPaymentId() == null
                                                    || row.payment
                                                            .providerPaymentId()
                                                            .equals(providerPaymentId)),
                                    row -> new Row(
                                            with(
                                                    row.payment,
                                                    PaymentState.AUTHORIZED,
                                                    providerPaymentId,
                                                    row.payment.refundId(),
                                                    row.payment.declineReason(),
                                                    false),
                                            false))
                            .isPresent());
        }

        @Override
        boolean settle(
                UUID orderId,
                PaymentState state,
                @Nullable String providerPaymentId,
                @Nullable String refundId,
                @Nullable String declineReason) {
            return database.statement("payments.settle", () -> {
                database.requireTransaction();
                return rows.update(
                                orderId,
                                row -> state.predecessors()
                                        .contains(row.payment.state().name()),
                                row -> new Row(
                                        with(
                                                row.payment,
                                                state,
                                                providerPaymentId == null
                                                        ? row.payment.providerPaymentId()
                                                        : providerPaymentId,
                                                refundId,
                                                declineReason,
                                                false),
                                        row.undoRequested))
                        .isPresent();
            });
        }
    }
}
