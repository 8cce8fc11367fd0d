package dev.gatehouse.billing.payment;

import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentOutcome.Captured;
import dev.gatehouse.billing.payment.PaymentOutcome.Declined;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * One payment per order. The intent is written before the provider is first called, the calls carry keys derived from the
 * order id, and the result is recorded in the transaction that moves the order.
 */
@Service
public class PaymentService {

    /**
     * Writes that the order is to be paid, in the caller's transaction. Repeating it with the same arguments changes nothing.
     *
     * @param paymentMethod the provider's token of the means of payment, never card data
     * @throws IllegalStateException when the order already has another intent
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void intend(UUID orderId, Money amount, String paymentMethod) {
        throw new UnsupportedOperationException("intend " + orderId + amount + paymentMethod);
    }

    /**
     * Authorizes and captures, once, however often it is called. Must not run in a transaction; the caller records the answer.
     *
     * @throws PaymentProviderUnavailable transient or unknown: call again later
     * @throws PaymentNeedsOperator repeating cannot help
     * @throws PaymentUndone {@link #undo} was called before
     */
    @Transactional(propagation = Propagation.NEVER)
    public PaymentOutcome pay(UUID orderId) {
        throw new UnsupportedOperationException("pay " + orderId);
    }

    /** Records the capture and posts it to the ledger, in the caller's transaction; repeating it changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordPaid(UUID orderId, Captured captured) {
        throw new UnsupportedOperationException("recordPaid " + orderId + captured);
    }

    /** Records the refusal, in the caller's transaction; repeating it changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordDeclined(UUID orderId, Declined declined) {
        throw new UnsupportedOperationException("recordDeclined " + orderId + declined);
    }

    /**
     * Makes sure that the provider holds no money for the order and never will, whatever was reached: from here on nobody can
     * pay it. Must not run in a transaction; the caller records the answer. An order without an intent has nothing to undo.
     *
     * @throws PaymentProviderUnavailable transient or unknown: call again later
     * @throws PaymentNeedsOperator repeating cannot help
     */
    @Transactional(propagation = Propagation.NEVER)
    public UndoOutcome undo(UUID orderId) {
        throw new UnsupportedOperationException("undo " + orderId);
    }

    /**
     * Records how the payment was undone and posts a refund (and a capture nobody had recorded) to the ledger, in the caller's
     * transaction; repeating it changes nothing.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordUndone(UUID orderId, UndoOutcome outcome) {
        throw new UnsupportedOperationException("recordUndone " + orderId + outcome);
    }
}
