/** The one shape of every error this service answers with. */
@NullMarked
package dev.gatehouse.inventory.problem;

import org.jspecify.annotations.NullMarked;
