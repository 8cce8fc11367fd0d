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
    RESERVATION_EXPIRED;

    /** The stable word clients see: {@code price-changed}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
