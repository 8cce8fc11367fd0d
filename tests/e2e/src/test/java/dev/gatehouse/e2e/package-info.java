/** All that crosses a service boundary, seen from outside through the gateway's address. */
@NullMarked
package dev.gatehouse.e2e;

import org.jspecify.annotations.NullMarked;
