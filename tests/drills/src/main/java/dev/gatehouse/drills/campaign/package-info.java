/** What a drill is, and the run of one or all on a platform with load on it. */
@NullMarked
package dev.gatehouse.drills.campaign;

import org.jspecify.annotations.NullMarked;
