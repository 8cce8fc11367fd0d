/** The parts of the API document that the controllers do not say themselves. */
@NullMarked
package dev.gatehouse.inventory.openapi;

import org.jspecify.annotations.NullMarked;
