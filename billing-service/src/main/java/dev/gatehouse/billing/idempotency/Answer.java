package dev.gatehouse.billing.idempotency;

import java.util.Map;

/**
 * What a request is answered, and its repetitions are too.
 *
 * @param status the HTTP status
 * @param headers those that belong to the answer
 * @param body JSON
 * @param replayed whether this is a repetition's answer
 */
public record Answer(int status, Map<String, String> headers, String body, boolean replayed) {

    public Answer {
        headers = Map.copyOf(headers);
    }

    public Answer(int status, Map<String, String> headers, String body) {
        this(status, headers, body, false);
    }
}
