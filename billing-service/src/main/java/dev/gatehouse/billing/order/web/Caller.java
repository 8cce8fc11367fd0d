package dev.gatehouse.billing.order.web;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Who asks.
 *
 * @param subject the token's subject
 * @param operator whether every customer's orders may be seen
 */
record Caller(String subject, boolean operator) {

    static Caller of(Authentication authentication) {
        return new Caller(
                authentication.getName(),
                authentication.getAuthorities().stream()
                        .anyMatch(authority -> "SCOPE_ops".equals(authority.getAuthority())));
    }

    /** The customer whose orders may be seen; null for everybody's. */
    @Nullable
    String sees() {
        return operator ? null : subject;
    }
}
