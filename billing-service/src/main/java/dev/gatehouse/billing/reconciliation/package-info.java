/** Holding orders, payments, ledger, the payment provider and the stock against each other. */
@NullMarked
package dev.gatehouse.billing.reconciliation;

import org.jspecify.annotations.NullMarked;
