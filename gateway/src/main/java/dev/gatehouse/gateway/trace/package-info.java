/** Request id, trace context and the access log. */
@NullMarked
package dev.gatehouse.gateway.trace;

import org.jspecify.annotations.NullMarked;
