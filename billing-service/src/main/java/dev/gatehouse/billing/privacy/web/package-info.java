/** Customers' requests about their data over HTTP, and those that operators carry out for them. */
@NullMarked
package dev.gatehouse.billing.privacy.web;

import org.jspecify.annotations.NullMarked;
