/** The platform on one machine: its command line. */
@NullMarked
package dev.gatehouse.devstack;

import org.jspecify.annotations.NullMarked;
