/** What clients may send: unknown, mistyped and card-like fields are refused before a controller sees them. */
@NullMarked
package dev.gatehouse.billing.input;

import org.jspecify.annotations.NullMarked;
