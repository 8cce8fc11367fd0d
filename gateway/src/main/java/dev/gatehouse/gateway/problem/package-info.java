/** The one shape of every error the gateway itself produces. */
@NullMarked
package dev.gatehouse.gateway.problem;

import org.jspecify.annotations.NullMarked;
