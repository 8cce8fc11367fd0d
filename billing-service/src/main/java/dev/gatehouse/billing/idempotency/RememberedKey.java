package dev.gatehouse.billing.idempotency;

import java.time.Instant;

/**
 * A key that a caller used.
 *
 * @param route method and path
 * @param key the unquoted string
 * @param expiresAt from then on it is new again
 */
public record RememberedKey(String route, String key, Instant createdAt, Instant expiresAt) {}
