/** The edge: every request enters here. */
@NullMarked
package dev.gatehouse.gateway;

import org.jspecify.annotations.NullMarked;
