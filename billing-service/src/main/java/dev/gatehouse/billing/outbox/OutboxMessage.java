package dev.gatehouse.billing.outbox;

import java.util.UUID;

/**
 * A message to be delivered at least once after the transaction that writes it has committed, in order of version for
 * each aggregate.
 *
 * @param id the message's identity, the same in every copy a receiver sees
 * @param aggregateId whose news this is
 * @param aggregateVersion counts that aggregate's messages without gaps
 * @param type names the schema of the payload
 * @param routingKey where the broker sends it
 * @param payload a JSON document
 */
public record OutboxMessage(
        UUID id, UUID aggregateId, int aggregateVersion, String type, String routingKey, String payload) {}
