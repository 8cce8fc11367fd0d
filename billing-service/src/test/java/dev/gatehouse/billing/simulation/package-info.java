/** Order handling run in one thread at a time, on a virtual clock and stand-ins for all that is outside, from a seed. */
@org.jspecify.annotations.NullMarked
package dev.gatehouse.billing.simulation;
