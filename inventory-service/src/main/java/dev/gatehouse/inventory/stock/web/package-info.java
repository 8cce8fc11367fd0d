/** The stock and the reservations over HTTP. */
@NullMarked
package dev.gatehouse.inventory.stock.web;

import org.jspecify.annotations.NullMarked;
