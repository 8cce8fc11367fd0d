package dev.gatehouse.billing.privacy;

import dev.gatehouse.billing.audit.Effect;
import dev.gatehouse.billing.audit.Intention;
import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.audit.OperatorActions;
import dev.gatehouse.billing.cart.CartService;
import dev.gatehouse.billing.cart.CartUnavailable;
import dev.gatehouse.billing.idempotency.IdempotentRequests;
import dev.gatehouse.billing.order.OrderOwners;
import dev.gatehouse.billing.order.ParkedMessages;
import dev.gatehouse.billing.outbox.OutboxEntries;
import dev.gatehouse.billing.payment.PaymentService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Forgets customers. Their orders stay, as the law asks, under a random pseudonym that nothing leads back from; all else
 * goes. Repeating it changes nothing.
 */
@Service
public class Erasure {

    private static final String ACTION = "erase-customer";
    private static final int SHORTEST_ALONE = 8;

    private final OperatorActions actions;
    private final OrderOwners owners;
    private final PaymentService payments;
    private final IdempotentRequests requests;
    private final ParkedMessages parked;
    private final OutboxEntries outbox;
    private final CartService carts;

    Erasure(
            OperatorActions actions,
            OrderOwners owners,
            PaymentService payments,
            IdempotentRequests requests,
            ParkedMessages parked,
            OutboxEntries outbox,
            CartService carts) {
        this.actions = actions;
        this.owners = owners;
        this.payments = payments;
        this.requests = requests;
        this.parked = parked;
        this.outbox = outbox;
        this.carts = carts;
    }

    /**
     * Forgets the customer, who asks for it.
     *
     * @param client that the customer's token was issued to
     * @throws OrdersInFlight when an order is not final; then nothing is forgotten
     * @throws CartUnavailable when the cart cannot be deleted; then nothing is forgotten
     */
    public Erased eraseMyself(String customer, @Nullable String client) {
        String pseudonym = pseudonym();
        // The record stays when the customer is gone, so it must not name the customer as the one who acted either.
        return erase(customer, pseudonym, new Operator(pseudonym, client), null);
    }

    /**
     * Forgets a customer who asked for it by other means.
     *
     * @param reason the operator's own words, which do not name the customer
     * @throws OrdersInFlight when an order is not final; then nothing is forgotten
     * @throws CartUnavailable when the cart cannot be deleted; then nothing is forgotten
     */
    public Erased erase(String customer, Operator operator, String reason) {
        return erase(customer, pseudonym(), operator, reason);
    }

    private Erased erase(String customer, String pseudonym, Operator operator, @Nullable String reason) {
        var intention = new Intention(operator, ACTION, Map.of("pseudonym", pseudonym), reason);
        return actions.carryOut(intention, () -> {
            Erased erased = forget(customer, pseudonym);
            // Last, and before the commit: when the cache is down everything stays as it was and can be repeated.
            carts.clear(customer);
            return Effect.on(erased.total(), erased);
        });
    }

    private Erased forget(String customer, String pseudonym) {
        // Before the orders: an order that comes in between is then seen there, and stops this.
        int answers = requests.forget(customer);
        OrderOwners.Disowned orders = owners.disown(customer, pseudonym);
        long inFlight = owners.ordersOf(customer);
        if (inFlight > 0) {
            throw new OrdersInFlight(inFlight);
        }
        payments.forgetMethods(orders.ids());
        List<String> traces = new ArrayList<>(orders.paymentMethods());
        traces.add(customer);
        int messages = 0;
        for (String trace : traces) {
            // A short one would be found inside other words.
            String text = trace.length() < SHORTEST_ALONE ? '"' + trace + '"' : trace;
            messages += parked.erase(text) + outbox.erase(text);
        }
        return new Erased(orders.ids().size(), answers, messages);
    }

    private static String pseudonym() {
        return "erased-" + UUID.randomUUID();
    }
}
