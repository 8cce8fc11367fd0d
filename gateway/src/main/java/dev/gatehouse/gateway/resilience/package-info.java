/** What happens when a service fails, and that the routes in force are those declared. */
@NullMarked
package dev.gatehouse.gateway.resilience;

import org.jspecify.annotations.NullMarked;
