package dev.gatehouse.billing.order;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that nobody could read or act on, whole.
 *
 * @param exchange it came through, null when that was not kept
 * @param size bytes of the body
 * @param body empty in lists
 * @param reason stable word: malformed, unknown-type, unknown-schema, too-large, unknown-order
 * @param error one sentence
 * @param decidedAt when it was replayed or discarded, null while it waits
 */
public record ParkedMessage(
        UUID id,
        String queue,
        @Nullable String exchange,
        @Nullable String routingKey,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable String contentType,
        Map<String, String> headers,
        long size,
        byte[] body,
        String reason,
        @Nullable String error,
        Instant parkedAt,
        State state,
        @Nullable Instant decidedAt) {

    /** What was decided about it. */
    public enum State {
        /** Nothing yet. */
        PARKED,
        /** It was sent once more. */
        REPLAYED,
        /** It is not to be sent again. */
        DISCARDED,
        /** Its content was about somebody who asked to be forgotten. */
        ERASED
    }
}
