/** Who may call what: every request is checked here again, whatever the gateway did. */
@NullMarked
package dev.gatehouse.billing.security;

import org.jspecify.annotations.NullMarked;
