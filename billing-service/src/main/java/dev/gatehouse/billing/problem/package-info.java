/** The one shape of every error this service answers with (RFC 9457). */
@NullMarked
package dev.gatehouse.billing.problem;

import org.jspecify.annotations.NullMarked;
