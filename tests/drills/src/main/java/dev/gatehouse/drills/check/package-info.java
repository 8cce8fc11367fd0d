/** What must hold after every fault, judged from records that the platform does not keep for itself. */
@NullMarked
package dev.gatehouse.drills.check;

import org.jspecify.annotations.NullMarked;
