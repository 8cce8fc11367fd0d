/** Messages written in the transaction that causes them, and the relay that delivers them at least once. */
@NullMarked
package dev.gatehouse.billing.outbox;

import org.jspecify.annotations.NullMarked;
