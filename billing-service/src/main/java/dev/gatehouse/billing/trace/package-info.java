/** The trace a request or message belongs to (W3C Trace Context), in logs, problems and outgoing messages. */
@NullMarked
package dev.gatehouse.billing.trace;

import org.jspecify.annotations.NullMarked;
