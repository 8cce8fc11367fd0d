package dev.gatehouse.billing.payment;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.gatehouse.billing.money.Money;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Money that goes back to customers after the sale: asked for here, given back by {@link RefundWorker}. */
@Service
public class RefundService {

    private static final Logger log = LoggerFactory.getLogger(RefundService.class);

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Refunds refunds;

    RefundService(Refunds refunds) {
        this.refunds = refunds;
    }

    /**
     * Writes that the money is to go back, in the caller's transaction if there is one. Whether the order may be refunded is
     * the caller's to say; that it is never more than was taken, however many ask at once, is seen to here.
     *
     * @param amount null for all that is left; otherwise in the payment's currency and more than nothing
     * @param requestedBy the operator's subject
     * @throws RefundExceedsPayment when less is left, or nothing
     * @throws IllegalArgumentException for another currency
     * @throws IllegalStateException when nothing was taken
     */
    @Transactional
    public Refund request(UUID orderId, @Nullable Money amount, @Nullable String reason, String requestedBy) {
        Money left = refunds.lockLeft(orderId)
                .orElseThrow(() -> new IllegalStateException("Order " + orderId + " has no captured payment"));
        if (amount != null && !amount.sameCurrency(left)) {
            throw new IllegalArgumentException("Paid in " + left.currency() + ", not " + amount.currency());
        }
        Money asked = amount == null ? left : amount;
        if (left.isZero() || asked.isZero() || asked.amountMinor() > left.amountMinor()) {
            throw new RefundExceedsPayment(left);
        }
        UUID id = ids.generate();
        refunds.add(id, orderId, asked, reason, requestedBy);
        log.info("Refund {} of {} is asked for order {} by {}", id, asked, orderId, requestedBy);
        return find(orderId, id);
    }

    /** @throws RefundNotFound also when it is another order's */
    @Transactional(readOnly = true)
    public Refund find(UUID orderId, UUID id) {
        return refunds.find(id)
                .filter(refund -> refund.orderId().equals(orderId))
                .orElseThrow(() -> new RefundNotFound(id));
    }

    /** The order's refunds, oldest first. */
    @Transactional(readOnly = true)
    public List<Refund> of(UUID orderId) {
        return refunds.of(orderId);
    }

    /** What went back of each order's payment, in minor units; orders of which nothing did are left out. */
    @Transactional(readOnly = true)
    public Map<UUID, Long> refundedMinor(Collection<UUID> orderIds) {
        return refunds.refundedMinor(orderIds);
    }

    /** Lets the order's refunds that wait for another attempt begin now; false when there are none. */
    @Transactional
    public boolean makeDue(UUID orderId) {
        return refunds.makeDue(orderId);
    }

    /**
     * Takes a parked refund up again.
     *
     * @return false when it is not parked, and stays as it is
     * @throws RefundNotFound also when it is another order's
     */
    @Transactional
    public boolean resume(UUID orderId, UUID id) {
        find(orderId, id);
        return refunds.resume(id);
    }
}
