/** What the payment provider tells by itself: a reason to look, never a fact. */
@NullMarked
package dev.gatehouse.billing.webhook;

import org.jspecify.annotations.NullMarked;
