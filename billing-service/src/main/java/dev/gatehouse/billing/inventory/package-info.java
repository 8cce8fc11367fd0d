/** The only place that knows the inventory service's HTTP contract. */
@NullMarked
package dev.gatehouse.billing.inventory;

import org.jspecify.annotations.NullMarked;
