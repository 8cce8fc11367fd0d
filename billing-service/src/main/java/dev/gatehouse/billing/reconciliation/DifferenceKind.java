package dev.gatehouse.billing.reconciliation;

import java.util.Locale;

/** In what way two books do not agree. The words are stable: alerts and runbooks name them. */
public enum DifferenceKind {
    /** The order is confirmed, and its money was not taken or not recorded. */
    CONFIRMED_NOT_CAPTURED,
    /** The provider took money for the order more than once. */
    CAPTURED_TWICE,
    /** The provider holds money of an order that was not confirmed. */
    CAPTURED_NOT_CONFIRMED,
    /** The provider, or a message of it, speaks of another amount. */
    AMOUNT_DIFFERS,
    /** The provider, or a message of it, speaks of another currency. */
    CURRENCY_DIFFERS,
    /** We say that money went back, and the provider does not. */
    REFUND_MISSING,
    /** The provider gave money back that we know nothing of. */
    REFUND_UNKNOWN_TO_US,
    /** We name a payment that the provider does not have. */
    UNKNOWN_AT_PROVIDER,
    /** The provider holds money, or speaks of it, that we never asked for. */
    UNKNOWN_TO_US,
    /** The order is confirmed, and its stock was not sold. */
    STOCK_NOT_CONFIRMED,
    /** The order was given up, and stock is still held for it or was sold. */
    STOCK_HELD_FOR_FINAL_ORDER,
    /** A posting's debits and credits differ. */
    LEDGER_UNBALANCED,
    /** Money moved and the ledger does not say so, or says another amount. */
    LEDGER_MISSING,
    /** The order has not come to an end for too long. */
    STUCK_ORDER,
    /** The refund has not come to an end for too long. */
    STUCK_REFUND;

    /** The name in documents and metrics: {@code confirmed-not-captured}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
