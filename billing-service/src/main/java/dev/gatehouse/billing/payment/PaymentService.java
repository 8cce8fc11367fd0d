package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.ledger.Ledger;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentOutcome.Captured;
import dev.gatehouse.billing.payment.PaymentOutcome.Declined;
import dev.gatehouse.billing.payment.UndoOutcome.Cancelled;
import dev.gatehouse.billing.payment.UndoOutcome.NothingToUndo;
import dev.gatehouse.billing.payment.UndoOutcome.Refunded;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One payment per order. The intent is written before the provider is first called, the calls carry keys derived from the
 * order id, and the result is recorded in the transaction that moves the order.
 */
@Service
public class PaymentService {

    private static final Logger log = LoggerFactory.getLogger(PaymentService.class);

    // A cancellation and a capture can cross each other once; a third round means somebody else is at work.
    private static final int UNDO_ROUNDS = 3;

    private final Payments payments;
    private final PaymentProvider provider;
    private final Ledger ledger;

    PaymentService(Payments payments, PaymentProvider provider, Ledger ledger) {
        this.payments = payments;
        this.provider = provider;
        this.ledger = ledger;
    }

    /**
     * Writes that the order is to be paid, in the caller's transaction. Repeating it with the same arguments changes nothing.
     *
     * @param paymentMethod the provider's token of the means of payment, never card data
     * @throws IllegalStateException when the order already has another intent
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void intend(UUID orderId, Money amount, String paymentMethod) {
        if (payments.add(orderId, amount, paymentMethod)) {
            return;
        }
        Payment present = payment(orderId);
        if (!present.amount().equals(amount) || !present.paymentMethod().equals(paymentMethod)) {
            throw new IllegalStateException("Order " + orderId + " already has another payment");
        }
    }

    /** What the order is to pay; empty when it never came to that. */
    @Transactional(readOnly = true)
    public Optional<AgreedPayment> agreed(UUID orderId) {
        return payments.find(orderId)
                .map(payment -> new AgreedPayment(orderId, payment.amount(), payment.providerPaymentId()));
    }

    /**
     * Authorizes and captures, once, however often it is called. Must not run in a transaction; the caller records the answer.
     *
     * @throws PaymentProviderUnavailable transient or unknown: call again later
     * @throws PaymentNeedsOperator repeating cannot help
     * @throws PaymentUndone {@link #undo} was called before
     */
    public PaymentOutcome pay(UUID orderId) {
        requireNoTransaction();
        Optional<Payment> open = payments.startCharge(orderId);
        if (open.isEmpty()) {
            return settled(payment(orderId));
        }
        Payment payment = open.get();
        if (payment.amount().isZero()) {
            return new Captured(null, payment.amount());
        }
        try {
            return charge(payment);
        } catch (PaymentRefused refused) {
            return new Declined(refused.providerPaymentId(), refused.reason());
        }
    }

    private static PaymentOutcome settled(Payment payment) {
        return switch (payment.state()) {
            case CAPTURED -> new Captured(payment.providerPaymentId(), payment.amount());
            case DECLINED -> new Declined(payment.providerPaymentId(), Objects.requireNonNull(payment.declineReason()));
            case INTENT, AUTHORIZED, CANCELLED, REFUNDED -> throw new PaymentUndone(payment.orderId());
        };
    }

    private PaymentOutcome charge(Payment payment) {
        ProviderPayment found = verified(payment, current(payment));
        if (found.status() == ProviderPayment.Status.AUTHORIZED) {
            // Before the capture, so that an undo in between finds the provider's id and not a guess.
            if (!payments.authorized(payment.orderId(), found.id())) {
                return settled(payment(payment.orderId()));
            }
            found = verified(payment, provider.capture(payment.orderId(), found.id(), payment.amount()));
        }
        return switch (found.status()) {
            case CAPTURED -> captured(payment, found);
            case CANCELLED -> new Declined(found.id(), "authorization-expired");
            case UNCONFIRMED -> declined(found);
            case PENDING, AUTHORIZED ->
                throw new PaymentProviderUnavailable("Payment " + found.id() + " is still " + found.status(), null);
        };
    }

    private ProviderPayment current(Payment payment) {
        String id = payment.providerPaymentId();
        if (id != null) {
            return provider.retrieve(id);
        }
        if (payment.keysForgotten()) {
            return find(payment).orElseGet(() -> authorize(payment));
        }
        try {
            return authorize(payment);
        } catch (PaymentProviderUnavailable unavailable) {
            if (payment.calls() == 1) {
                throw unavailable;
            }
            // The provider replays a stored 500 under its key for ever; the payment behind it may still be good.
            return find(payment).orElseThrow(() -> unavailable);
        }
    }

    private ProviderPayment authorize(Payment payment) {
        return provider.authorize(payment.orderId(), payment.amount(), payment.paymentMethod());
    }

    private Optional<ProviderPayment> find(Payment payment) {
        Instant from = Objects.requireNonNull(payment.firstCalledAt());
        Instant to = Objects.requireNonNull(payment.lastCalledAt());
        return provider.find(payment.orderId(), from, to);
    }

    private static Captured captured(Payment payment, ProviderPayment found) {
        if (!found.captured().equals(payment.amount())) {
            throw new PaymentMismatch("Payment " + found.id() + " of order " + payment.orderId() + " captured "
                    + found.captured() + " instead of " + payment.amount());
        }
        if (!found.refunded().isZero()) {
            throw new PaymentMismatch("Payment " + found.id() + " of order " + payment.orderId() + " was refunded "
                    + found.refunded() + " before it was recorded");
        }
        return new Captured(found.id(), payment.amount());
    }

    private static Declined declined(ProviderPayment found) {
        String reason = found.declineReason();
        if (reason == null) {
            throw new PaymentProviderUnavailable("Payment " + found.id() + " was never confirmed", null);
        }
        return new Declined(found.id(), reason);
    }

    private static ProviderPayment verified(Payment payment, ProviderPayment found) {
        if (!payment.orderId().equals(found.orderId()) || !payment.amount().equals(found.amount())) {
            throw new PaymentMismatch("The provider reports payment " + found.id() + " for order " + found.orderId()
                    + " over " + found.amount() + ", asked was order " + payment.orderId() + " over "
                    + payment.amount());
        }
        return found;
    }

    /** Records the capture and posts it to the ledger, in the caller's transaction; repeating it changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordPaid(UUID orderId, Captured captured) {
        Payment payment = payment(orderId);
        if (!captured.amount().equals(payment.amount())) {
            throw new PaymentMismatch(
                    "Order " + orderId + " was to pay " + payment.amount() + ", not " + captured.amount());
        }
        if (settle(orderId, PaymentState.CAPTURED, captured.providerPaymentId(), null, null)) {
            ledger.postSale(saleReference(orderId), orderId, captured.amount());
        }
    }

    /** Records the refusal, in the caller's transaction; repeating it changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordDeclined(UUID orderId, Declined declined) {
        settle(orderId, PaymentState.DECLINED, declined.providerPaymentId(), null, declined.reason());
    }

    /**
     * Makes sure that the provider holds no money for the order and never will, whatever was reached: from here on nobody can
     * pay it. Must not run in a transaction; the caller records the answer. An order without an intent has nothing to undo.
     *
     * @throws PaymentProviderUnavailable transient or unknown: call again later
     * @throws PaymentNeedsOperator repeating cannot help
     */
    public UndoOutcome undo(UUID orderId) {
        requireNoTransaction();
        Optional<Payment> closed = payments.startUndo(orderId);
        if (closed.isEmpty()) {
            return new NothingToUndo();
        }
        Payment payment = closed.get();
        String id = payment.providerPaymentId();
        return switch (payment.state()) {
            case DECLINED -> new NothingToUndo();
            case CANCELLED -> id == null ? new NothingToUndo() : new Cancelled(id);
            case REFUNDED -> id == null ? new NothingToUndo() : new Refunded(id, payment.refundId(), payment.amount());
            case INTENT, AUTHORIZED, CAPTURED ->
                payment.calls() == 0 || payment.amount().isZero() ? new NothingToUndo() : withdraw(payment);
        };
    }

    private UndoOutcome withdraw(Payment payment) {
        UUID orderId = payment.orderId();
        String id = payment.providerPaymentId();
        ProviderPayment found;
        try {
            found = id == null ? findOrBlock(payment) : provider.retrieve(id);
        } catch (PaymentRefused refused) {
            return new NothingToUndo();
        }
        for (int round = 0; round < UNDO_ROUNDS; round++) {
            if (!orderId.equals(found.orderId())) {
                throw new PaymentMismatch(
                        "Payment " + found.id() + " is for order " + found.orderId() + ", not " + orderId);
            }
            switch (found.status()) {
                case CANCELLED -> {
                    return new Cancelled(found.id());
                }
                case CAPTURED -> {
                    if (found.refunded().amountMinor() >= found.captured().amountMinor()) {
                        return new Refunded(found.id(), found.refundId(), found.captured());
                    }
                    found = provider.refund(
                            orderId, found.id(), found.captured().minus(found.refunded()));
                }
                case UNCONFIRMED, AUTHORIZED -> found = provider.cancel(orderId, found.id());
                case PENDING ->
                    throw new PaymentProviderUnavailable("Payment " + found.id() + " has no outcome yet", null);
            }
        }
        throw new PaymentProviderUnavailable("Payment " + found.id() + " is still " + found.status(), null);
    }

    private ProviderPayment findOrBlock(Payment payment) {
        Optional<ProviderPayment> found = payment.keysForgotten() ? find(payment) : Optional.empty();
        return found.or(() -> provider.block(payment.orderId(), payment.amount()))
                .or(() -> find(payment))
                .orElseThrow(() -> new PaymentProviderUnavailable(
                        "The provider has a payment of order " + payment.orderId() + " but does not list it yet",
                        null));
    }

    /**
     * Records how the payment was undone and posts a refund (and a capture nobody had recorded) to the ledger, in the caller's
     * transaction; repeating it changes nothing.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordUndone(UUID orderId, UndoOutcome outcome) {
        switch (outcome) {
            case NothingToUndo nothing -> recordNothingToUndo(orderId);
            case Cancelled(String id) -> settle(orderId, PaymentState.CANCELLED, id, null, null);
            case Refunded(String id, @Nullable String refundId, Money amount) -> {
                if (settle(orderId, PaymentState.REFUNDED, id, refundId, null)) {
                    ledger.postSale(saleReference(orderId), orderId, amount);
                    ledger.postRefund("order-" + orderId + "-refund", orderId, amount);
                }
            }
        }
    }

    private void recordNothingToUndo(UUID orderId) {
        Optional<Payment> payment = payments.find(orderId);
        if (payment.isEmpty()) {
            return;
        }
        PaymentState present = payment.get().state();
        // An earlier undo may have ended it, also the payment of a free order.
        if (present == PaymentState.DECLINED || present == PaymentState.CANCELLED || present == PaymentState.REFUNDED) {
            return;
        }
        // A captured payment of nothing is an order that was free.
        boolean free = present == PaymentState.CAPTURED;
        settle(orderId, free ? PaymentState.REFUNDED : PaymentState.CANCELLED, null, null, null);
    }

    /** Takes the means of payment from the payments of these orders, in the caller's transaction; what was paid stays. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void forgetMethods(Collection<UUID> orderIds) {
        payments.forgetMethods(orderIds);
    }

    /** How far the order's payment got; empty when there is none. */
    public Optional<PaymentSnapshot> snapshot(UUID orderId) {
        return payments.find(orderId).map(PaymentSnapshot::of);
    }

    /** Whether the state is new; false when it was reached before. */
    private boolean settle(
            UUID orderId,
            PaymentState state,
            @Nullable String providerPaymentId,
            @Nullable String refundId,
            @Nullable String declineReason) {
        if (payments.settle(orderId, state, providerPaymentId, refundId, declineReason)) {
            log.info("Payment of order {} is {} (provider id {})", orderId, state, providerPaymentId);
            return true;
        }
        PaymentState present = payment(orderId).state();
        if (present != state) {
            throw new IllegalStateException(
                    "Payment of order " + orderId + " cannot become " + state + " from " + present);
        }
        return false;
    }

    /** Checked by hand: the annotation for it would keep a database connection while the provider is asked. */
    private static void requireNoTransaction() {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalTransactionStateException("The payment provider is not asked inside a transaction");
        }
    }

    private Payment payment(UUID orderId) {
        return payments.find(orderId)
                .orElseThrow(() -> new IllegalStateException("Order " + orderId + " has no payment"));
    }

    private static String saleReference(UUID orderId) {
        return "order-" + orderId + "-capture";
    }
}
