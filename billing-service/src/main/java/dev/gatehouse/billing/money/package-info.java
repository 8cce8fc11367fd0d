/** Amounts of money in whole minor units, so that no sum is ever rounded. */
@NullMarked
package dev.gatehouse.billing.money;

import org.jspecify.annotations.NullMarked;
