/** Versioned values in Redis that only ever get newer, and whose loss costs nothing but time. */
@NullMarked
package dev.gatehouse.inventory.cache;

import org.jspecify.annotations.NullMarked;
