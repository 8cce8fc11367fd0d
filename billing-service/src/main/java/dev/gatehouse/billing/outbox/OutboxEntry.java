package dev.gatehouse.billing.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message of the outbox as operators see it.
 *
 * @param type names the schema, null for a message that is sent once more and came without
 * @param availableAt not before this does the relay try again
 * @param attempts how often the broker refused it
 * @param lastError how it refused it last
 * @param sentAt when the broker confirmed it, null while it has not
 */
public record OutboxEntry(
        UUID id,
        UUID aggregateId,
        int aggregateVersion,
        @Nullable String type,
        String routingKey,
        Instant createdAt,
        Instant availableAt,
        int attempts,
        @Nullable String lastError,
        @Nullable Instant sentAt) {}
