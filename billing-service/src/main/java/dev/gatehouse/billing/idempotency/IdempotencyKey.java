package dev.gatehouse.billing.idempotency;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client's name for one wish, from the header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header):
 * one RFC 8941 String.
 *
 * @param value the unquoted string, 1 to 255 printable ASCII characters
 */
public record IdempotencyKey(String value) {

    /** The header's name. */
    public static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;
    private static final String STRING = "\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\"";
    // Parameters are part of every RFC 8941 Item; none is defined for this one, so they are read over.
    private static final String PARAMETERS = "(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:" + STRING + "|[A-Za-z0-9*?:.+/-]+))?)*";
    private static final Pattern ITEM = Pattern.compile(" *" + STRING + PARAMETERS + " *");

    /**
     * Reads the header.
     *
     * @param headers all values of the header, as received
     * @throws IdempotencyKeyMissing when there is none
     * @throws IdempotencyKeyMalformed when it is not exactly one string, or is empty or too long
     */
    public static IdempotencyKey parse(List<String> headers) {
        if (headers.isEmpty()) {
            throw new IdempotencyKeyMissing();
        }
        Matcher item = ITEM.matcher(headers.getFirst());
        if (headers.size() > 1 || !item.matches()) {
            throw new IdempotencyKeyMalformed("Send one string in double quotes (RFC 8941), such as Idempotency-Key:"
                    + " \"6f1c0f8e-9a55-4d3c-8f0e-3f8a1e8f6b7d\".");
        }
        String value = item.group(1).replaceAll("\\\\([\"\\\\])", "$1");
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IdempotencyKeyMalformed("The key has 1 to " + MAX_LENGTH + " characters between its quotes.");
        }
        return new IdempotencyKey(value);
    }
}
