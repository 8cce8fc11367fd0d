/** Faults between the parts of the platform: links that can be slowed, cut and silenced, addresses with several copies behind. */
@NullMarked
package dev.gatehouse.devstack.faults;

import org.jspecify.annotations.NullMarked;
