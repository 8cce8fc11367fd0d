/** The address that the payment provider calls. */
@NullMarked
package dev.gatehouse.billing.webhook.web;

import org.jspecify.annotations.NullMarked;
