package dev.gatehouse.billing.payment;

import java.util.Arrays;
import java.util.Collection;

/** How far a payment got. The only place that says what may follow what. */
enum PaymentState {
    /** To be paid; what the provider knows is unknown once a charge was started. */
    INTENT,
    /** The provider reserved the amount on the customer's account. */
    AUTHORIZED,
    /** The provider took the money. */
    CAPTURED,
    /** The provider refused. */
    DECLINED,
    /** Given up before money moved. */
    CANCELLED,
    /** Money was taken and given back. */
    REFUNDED;

    boolean canBecome(PaymentState next) {
        return switch (this) {
            // A crash may lose what lies between: the provider's last word is recorded from wherever we stood.
            case INTENT -> next != INTENT;
            case AUTHORIZED -> next != INTENT && next != AUTHORIZED;
            case CAPTURED -> next == REFUNDED;
            case DECLINED, CANCELLED, REFUNDED -> false;
        };
    }

    /** The states from which this one may be entered. */
    Collection<String> predecessors() {
        return Arrays.stream(values())
                .filter(state -> state.canBecome(this))
                .map(Enum::name)
                .toList();
    }
}
