package dev.gatehouse.inventory.catalogue;

import dev.gatehouse.inventory.input.FieldError;
import dev.gatehouse.inventory.input.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A position in one query's result: the sort values and the id of the last film shown.
 *
 * <p>The digest over the query and the values finds a cursor that was changed or belongs to another query. It keeps nobody
 * from making one up, and needs not: a cursor shows no film that the query would not.
 */
record Cursor(List<String> values) {

    private static final int DIGEST_BYTES = 12;
    private static final int MAX_TEXT = 2000;

    String encode(FilmQuery query) {
        byte[] payload = String.join("\u0000", values).getBytes(StandardCharsets.UTF_8);
        byte[] digest = digest(query, payload);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(DIGEST_BYTES + payload.length)
                        .put(digest)
                        .put(payload)
                        .array());
    }

    /** @throws InvalidInput when it is not a cursor of this query */
    static Cursor decode(String text, FilmQuery query) {
        byte[] bytes;
        try {
            bytes = text.length() > MAX_TEXT
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (bytes.length <= DIGEST_BYTES) {
            throw invalid();
        }
        byte[] payload = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
        List<String> values = List.of(new String(payload, StandardCharsets.UTF_8).split("\u0000", -1));
        Cursor cursor = new Cursor(values);
        // Not only the digest: base64 has several spellings of the same bytes.
        if (!cursor.encode(query).equals(text)) {
            throw invalid();
        }
        List<FilmSort.Key> keys = query.sort().keys();
        if (values.size() != keys.size() + 1 || !isId(values.getLast())) {
            throw invalid();
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).fits(values.get(i))) {
                throw invalid();
            }
        }
        return cursor;
    }

    private static byte[] digest(FilmQuery query, byte[] payload) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(query.fingerprint().getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(sha.digest(payload), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static boolean isId(String value) {
        try {
            return UUID.fromString(value).toString().equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static InvalidInput invalid() {
        return new InvalidInput(
                new FieldError("cursor", "invalid-cursor", "is not a cursor of this query; start again without one"));
    }
}
