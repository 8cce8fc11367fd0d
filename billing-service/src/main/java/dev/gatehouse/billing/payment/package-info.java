/** Charging an order exactly once, and undoing the charge whatever state it reached. */
@NullMarked
package dev.gatehouse.billing.payment;

import org.jspecify.annotations.NullMarked;
