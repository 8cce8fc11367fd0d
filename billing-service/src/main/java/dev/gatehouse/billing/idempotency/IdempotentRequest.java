package dev.gatehouse.billing.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A request that is to have its effect once.
 *
 * @param subject who sends it; keys of different subjects never meet
 * @param route method and path; keys of different routes never meet
 * @param fingerprint tells one content from another
 */
public record IdempotentRequest(String subject, String route, IdempotencyKey key, String fingerprint) {

    /** @param canonicalBody the content in a form that is the same however the client spaced or ordered it */
    public static IdempotentRequest of(String subject, String route, IdempotencyKey key, String canonicalBody) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((route + "\n" + canonicalBody).getBytes(StandardCharsets.UTF_8));
            return new IdempotentRequest(subject, route, key, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
