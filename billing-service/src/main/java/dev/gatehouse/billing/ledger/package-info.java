/** The append-only, double-entry record of every amount that moved. */
@NullMarked
package dev.gatehouse.billing.ledger;

import org.jspecify.annotations.NullMarked;
