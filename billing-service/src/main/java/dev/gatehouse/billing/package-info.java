/** Carts, orders, payments and the ledger. */
@NullMarked
package dev.gatehouse.billing;

import org.jspecify.annotations.NullMarked;
