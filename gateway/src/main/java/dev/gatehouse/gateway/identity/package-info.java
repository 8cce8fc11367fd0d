/** Who is calling: token validation, route access, identity headers stripped and set. */
@NullMarked
package dev.gatehouse.gateway.identity;

import org.jspecify.annotations.NullMarked;
