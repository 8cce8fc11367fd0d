/** The film catalogue and the stock. */
@NullMarked
package dev.gatehouse.inventory;

import org.jspecify.annotations.NullMarked;
