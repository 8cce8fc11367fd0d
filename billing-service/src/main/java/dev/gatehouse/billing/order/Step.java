package dev.gatehouse.billing.order;

import dev.gatehouse.billing.inventory.InsufficientStock;
import dev.gatehouse.billing.inventory.InventoryClient;
import dev.gatehouse.billing.inventory.Reservation;
import dev.gatehouse.billing.inventory.ReservationConflict;
import dev.gatehouse.billing.inventory.ReservationLine;
import dev.gatehouse.billing.inventory.UnknownFilm;
import dev.gatehouse.billing.payment.PaymentOutcome;
import dev.gatehouse.billing.payment.PaymentService;
import dev.gatehouse.billing.payment.UndoOutcome;
import org.springframework.stereotype.Component;

/**
 * What is to be done in each state: one outside call that may be repeated any number of times, made in no transaction.
 * Whatever is thrown leaves the order
 * as it is.
 */
@Component
class Step {

    private final InventoryClient inventory;
    private final PaymentService payments;

    Step(InventoryClient inventory, PaymentService payments) {
        this.inventory = inventory;
        this.payments = payments;
    }

    /** Writes, in the claiming transaction, what the call may leave behind and somebody may have to undo. */
    void intend(Order order) {
        // A reservation needs no row of its own: its key is the order's id, and releasing what never was is allowed.
        if (order.state() == OrderState.RESERVED) {
            payments.intend(order.id(), order.total(), order.paymentMethod());
        }
    }

    StepOutcome run(Order order) {
        return switch (order.state()) {
            case PLACED -> reserve(order);
            case RESERVED -> pay(order);
            case PAID -> confirm(order);
            case RELEASING -> undo(order, OrderState.REJECTED);
            case CANCELLING -> undo(order, OrderState.CANCELLED);
            case CONFIRMED, REJECTED, CANCELLED ->
                throw new IllegalStateException("Order " + order.id() + " is final: " + order.state());
        };
    }

    private StepOutcome reserve(Order order) {
        Reservation reservation;
        try {
            reservation = inventory.reserve(
                    order.id(),
                    order.lines().stream()
                            .map(line -> new ReservationLine(line.filmId(), line.quantity()))
                            .toList());
        } catch (InsufficientStock scarce) {
            return StepOutcome.giveUp(RejectionReason.INSUFFICIENT_STOCK);
        } catch (UnknownFilm unknown) {
            return StepOutcome.giveUp(RejectionReason.UNKNOWN_FILM);
        }
        return switch (reservation.state()) {
            case HELD ->
                order.agreesWith(reservation)
                        ? StepOutcome.to(OrderState.RESERVED)
                        : StepOutcome.giveUp(RejectionReason.PRICE_CHANGED);
            // Held by an earlier attempt that took too long to be continued.
            case EXPIRED, RELEASED -> StepOutcome.giveUp(RejectionReason.RESERVATION_EXPIRED);
            case CONFIRMED -> throw new ReservationConflict("The stock of an unpaid order is confirmed: " + order.id());
        };
    }

    private StepOutcome pay(Order order) {
        return switch (payments.pay(order.id())) {
            case PaymentOutcome.Captured captured ->
                StepOutcome.to(OrderState.PAID, () -> payments.recordPaid(order.id(), captured));
            case PaymentOutcome.Declined declined ->
                StepOutcome.giveUp(
                        RejectionReason.PAYMENT_DECLINED, () -> payments.recordDeclined(order.id(), declined));
        };
    }

    private StepOutcome confirm(Order order) {
        try {
            inventory.confirm(order.id());
            return StepOutcome.to(OrderState.CONFIRMED);
        } catch (ReservationConflict gone) {
            return StepOutcome.giveUp(RejectionReason.RESERVATION_EXPIRED);
        }
    }

    /** Stock first: were it sold already, the money must not go back. */
    private StepOutcome undo(Order order, OrderState end) {
        inventory.release(order.id());
        UndoOutcome undone = payments.undo(order.id());
        return StepOutcome.to(end, () -> payments.recordUndone(order.id(), undone));
    }
}
