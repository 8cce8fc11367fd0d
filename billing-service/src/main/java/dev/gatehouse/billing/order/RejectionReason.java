package dev.gatehouse.billing.order;

import java.util.Locale;

/** Why an order ended without a sale. */
public enum RejectionReason {
    INSUFFICIENT_STOCK,
    UNKNOWN_FILM,
    /** Inventory asks another price than the customer agreed to. */
    PRICE_CHANGED,
    PAYMENT_DECLINED,
    /** The stock was given back before the sale was complete. */
    RESERVATION_EXPIRED,
    /** An operator decided that it cannot be completed; the operator's own words are in the record of actions. */
    GIVEN_UP_BY_OPERATOR;

    /** The stable word clients see: {@code price-changed}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
