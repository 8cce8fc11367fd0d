/** A Java agent that ends, delays or weakens billing-service at named points, which billing itself knows nothing of. */
@NullMarked
package dev.gatehouse.drills.agent;

import org.jspecify.annotations.NullMarked;
