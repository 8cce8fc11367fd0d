/** The command line: {@code make drill}. */
@NullMarked
package dev.gatehouse.drills;

import org.jspecify.annotations.NullMarked;
