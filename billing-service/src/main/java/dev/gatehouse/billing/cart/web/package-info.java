/** Carts over HTTP. */
@NullMarked
package dev.gatehouse.billing.cart.web;

import org.jspecify.annotations.NullMarked;
