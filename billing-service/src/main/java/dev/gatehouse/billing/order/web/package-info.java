/** Orders over HTTP. */
@NullMarked
package dev.gatehouse.billing.order.web;

import org.jspecify.annotations.NullMarked;
