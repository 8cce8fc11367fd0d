/** Which origins may read what; the policy is validated at start. */
@NullMarked
package dev.gatehouse.gateway.cors;

import org.jspecify.annotations.NullMarked;
