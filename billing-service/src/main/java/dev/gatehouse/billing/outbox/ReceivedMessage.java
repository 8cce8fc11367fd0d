package dev.gatehouse.billing.outbox;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that came once and is to be delivered again, byte by byte.
 *
 * @param id of the delivery, new
 * @param exchange it came through, null for the configured one
 * @param messageId the identity it came with, null when it had none
 * @param type as it came
 * @param contentType as it came
 */
public record ReceivedMessage(
        UUID id,
        @Nullable String exchange,
        String routingKey,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable String contentType,
        Map<String, String> headers,
        byte[] body) {}
