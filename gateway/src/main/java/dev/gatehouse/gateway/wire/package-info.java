/** What may cross the edge at all: targets, paths, sizes, and the headers every response carries. */
@NullMarked
package dev.gatehouse.gateway.wire;

import org.jspecify.annotations.NullMarked;
