/** Customers who place orders at a steady rate whatever happens, and their record of what they were told. */
@NullMarked
package dev.gatehouse.drills.load;

import org.jspecify.annotations.NullMarked;
