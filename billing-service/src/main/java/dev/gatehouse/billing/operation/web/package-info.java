/** Operators' decisions over HTTP about what the platform put aside; each leaves a line in the record of actions. */
@NullMarked
package dev.gatehouse.billing.operation.web;

import org.jspecify.annotations.NullMarked;
