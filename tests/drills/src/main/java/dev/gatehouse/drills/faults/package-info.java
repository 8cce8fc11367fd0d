/** The drills, one class for each part of the platform that fails. */
@NullMarked
package dev.gatehouse.drills.faults;

import org.jspecify.annotations.NullMarked;
