/** How many copies there are, and which of them are held for an order. */
@NullMarked
package dev.gatehouse.inventory.stock;

import org.jspecify.annotations.NullMarked;
