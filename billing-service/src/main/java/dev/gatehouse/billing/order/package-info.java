/** Orders: placed in one transaction, worked off step by step by a state machine that survives any crash. */
@NullMarked
package dev.gatehouse.billing.order;

import org.jspecify.annotations.NullMarked;
