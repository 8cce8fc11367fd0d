package dev.gatehouse.billing.reconciliation;

import static dev.gatehouse.billing.reconciliation.DifferenceKind.AMOUNT_DIFFERS;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.CAPTURED_NOT_CONFIRMED;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.CAPTURED_TWICE;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.CONFIRMED_NOT_CAPTURED;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.CURRENCY_DIFFERS;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.LEDGER_MISSING;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.REFUND_MISSING;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.STOCK_HELD_FOR_FINAL_ORDER;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.STOCK_NOT_CONFIRMED;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.STUCK_ORDER;
import static dev.gatehouse.billing.reconciliation.DifferenceKind.UNKNOWN_AT_PROVIDER;

import dev.gatehouse.billing.inventory.Reservation;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.payment.ProviderPayment;
import dev.gatehouse.billing.payment.ProviderPayment.Status;
import dev.gatehouse.billing.reconciliation.BookedOrder.BookedPayment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One order in our books against the same order at the provider and in the stock. Asks nobody, so it can be checked. */
final class Comparison {

    private final BookedOrder order;
    private final List<ProviderPayment> theirs;
    private final Reservation.@Nullable State stock;
    private final List<Difference> differences = new ArrayList<>();

    private Comparison(BookedOrder order, List<ProviderPayment> theirs, Reservation.@Nullable State stock) {
        this.order = order;
        this.theirs = theirs;
        this.stock = stock;
    }

    /**
     * Everything that does not agree about the order.
     *
     * @param theirs the payments the provider has of it
     * @param stock how far inventory got with it; null when it holds and held nothing
     */
    static List<Difference> of(BookedOrder order, List<ProviderPayment> theirs, Reservation.@Nullable State stock) {
        var comparison = new Comparison(order, theirs, stock);
        comparison.compareEnd();
        if (!order.total().isZero()) {
            comparison.compareMoney();
        }
        comparison.compareLedger();
        comparison.compareStock();
        return comparison.differences;
    }

    private void compareEnd() {
        if (!order.state().isFinal()) {
            String parked = order.parkedReason() == null ? "" : ", parked: " + order.parkedReason();
            add(STUCK_ORDER, null, "a final state", order.state() + parked);
        }
    }

    private void compareMoney() {
        List<ProviderPayment> holding =
                theirs.stream().filter(Comparison::holdsMoney).toList();
        if (holding.size() > 1) {
            List<String> ids = holding.stream().map(ProviderPayment::id).toList();
            add(CAPTURED_TWICE, ids.getFirst(), "one capture", ids.size() + " captures: " + ids);
        }
        BookedPayment ours = order.payment();
        if (order.state() == OrderState.CONFIRMED) {
            compareSale(ours);
        } else if (!holding.isEmpty() && (ours == null || !ours.isRefunded())) {
            ProviderPayment held = holding.getFirst();
            add(
                    CAPTURED_NOT_CONFIRMED,
                    held.id(),
                    "nothing captured, the order is " + order.state(),
                    held.captured().minus(held.refunded()));
        }
        if (ours != null && ours.providerPaymentId() != null && ours.isAtProvider()) {
            compareWithTheirs(ours, ours.providerPaymentId());
        }
    }

    private void compareSale(@Nullable BookedPayment ours) {
        if (ours == null || !ours.isCaptured()) {
            add(CONFIRMED_NOT_CAPTURED, null, "CAPTURED", ours == null ? "no payment" : ours.state());
        }
    }

    private void compareWithTheirs(BookedPayment ours, String paymentId) {
        Optional<ProviderPayment> found =
                theirs.stream().filter(each -> each.id().equals(paymentId)).findFirst();
        if (found.isEmpty()) {
            add(UNKNOWN_AT_PROVIDER, paymentId, "payment " + ours.state(), "none");
            return;
        }
        ProviderPayment their = found.get();
        compareAmounts(ours, their);
        if (ours.isCaptured() && their.status() != Status.CAPTURED && order.state() == OrderState.CONFIRMED) {
            add(CONFIRMED_NOT_CAPTURED, paymentId, "CAPTURED", their.status());
        }
        if (their.status() == Status.CAPTURED && their.refunded().sameCurrency(ours.amount())) {
            long goneBack = ours.isRefunded() ? their.captured().amountMinor() : ours.refundedMinor();
            if (their.refunded().amountMinor() < goneBack) {
                add(REFUND_MISSING, paymentId, "refunded " + goneBack, "refunded " + their.refunded());
            }
        }
    }

    /** The order's total, what we asked for and what the provider took are one amount; one difference says it all. */
    private void compareAmounts(BookedPayment ours, ProviderPayment their) {
        List<Money> amounts = their.status() == Status.CAPTURED
                ? List.of(ours.amount(), their.amount(), their.captured())
                : List.of(ours.amount(), their.amount());
        amounts.stream()
                .filter(amount -> !amount.equals(order.total()))
                .findFirst()
                .ifPresent(other -> add(
                        other.sameCurrency(order.total()) ? AMOUNT_DIFFERS : CURRENCY_DIFFERS,
                        their.id(),
                        order.total(),
                        other));
    }

    private void compareLedger() {
        BookedPayment ours = order.payment();
        boolean taken = ours != null && (ours.isCaptured() || ours.isRefunded());
        long sold = ours != null && taken ? ours.amount().amountMinor() : 0;
        long givenBack = ours == null ? 0 : ours.isRefunded() ? sold : ours.refundedMinor();
        if (order.soldMinor() != sold || order.givenBackMinor() != givenBack) {
            add(
                    LEDGER_MISSING,
                    null,
                    "sold " + sold + ", given back " + givenBack,
                    "sold " + order.soldMinor() + ", given back " + order.givenBackMinor());
        }
    }

    private void compareStock() {
        if (order.state() == OrderState.CONFIRMED && stock != Reservation.State.CONFIRMED) {
            add(STOCK_NOT_CONFIRMED, null, "CONFIRMED", stock == null ? "no reservation" : stock);
        }
        boolean givenUp = order.state() == OrderState.REJECTED || order.state() == OrderState.CANCELLED;
        if (givenUp && (stock == Reservation.State.HELD || stock == Reservation.State.CONFIRMED)) {
            add(STOCK_HELD_FOR_FINAL_ORDER, null, "nothing held, the order is " + order.state(), stock);
        }
    }

    private static boolean holdsMoney(ProviderPayment payment) {
        return payment.captured().amountMinor() > payment.refunded().amountMinor();
    }

    private void add(DifferenceKind kind, @Nullable String paymentId, Object expected, Object found) {
        differences.add(Difference.of(kind, order.id(), paymentId, expected, found));
    }
}
