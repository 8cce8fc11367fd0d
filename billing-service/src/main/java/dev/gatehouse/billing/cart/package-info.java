/** The films a customer means to order, kept until they are ordered or forgotten. */
@NullMarked
package dev.gatehouse.billing.cart;

import org.jspecify.annotations.NullMarked;
