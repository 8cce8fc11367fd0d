/** The films: what is sold, at what price, and how it is found. */
@NullMarked
package dev.gatehouse.inventory.catalogue;

import org.jspecify.annotations.NullMarked;
