/** Reads what callers send, coerces nothing, and collects everything that is wrong with it. */
@NullMarked
package dev.gatehouse.inventory.input;

import org.jspecify.annotations.NullMarked;
