/** The payment provider on Stripe's PaymentIntents API, through its official SDK. */
@NullMarked
package dev.gatehouse.billing.payment.stripe;

import org.jspecify.annotations.NullMarked;
