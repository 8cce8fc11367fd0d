/** Sends read-only transactions to the reader and all others to the writer. */
@NullMarked
package dev.gatehouse.inventory.routing;

import org.jspecify.annotations.NullMarked;
