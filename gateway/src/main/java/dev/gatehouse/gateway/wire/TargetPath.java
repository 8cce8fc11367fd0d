package dev.gatehouse.gateway.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds paths that two parts of the platform could read differently. They are refused, not repaired: no client of ours
 * sends them, and what is never forwarded cannot be misread.
 */
final class TargetPath {

    private TargetPath() {}

    /** Says why a raw path is ambiguous; null if it is not. */
    static @Nullable String ambiguity(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return "The path must start with a slash.";
        }
        if (rawPath.contains("//")) {
            return "The path has an empty segment.";
        }
        if (rawPath.indexOf(';') >= 0) {
            return "The path has a parameter after a semicolon.";
        }
        String decoded = decode(rawPath);
        if (decoded == null) {
            return "The path is not percent-encoded UTF-8.";
        }
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (Character.isISOControl(c)) {
                return "The path has a control character.";
            }
            if (c == '\\') {
                return "The path has a backslash.";
            }
            if (c == ';') {
                return "The path has an encoded semicolon.";
            }
            if (c == '%') {
                return "The path has an encoded percent sign.";
            }
        }
        if (decoded.chars().filter(c -> c == '/').count()
                != rawPath.chars().filter(c -> c == '/').count()) {
            return "The path has an encoded slash.";
        }
        for (String segment : decoded.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return "The path has a dot segment.";
            }
        }
        return null;
    }

    private static @Nullable String decode(String rawPath) {
        ByteBuffer bytes = ByteBuffer.allocate(rawPath.length());
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c == '%') {
                int value = i + 2 < rawPath.length() ? hex(rawPath, i + 1) * 16 + hex(rawPath, i + 2) : -1;
                if (value < 0) {
                    return null;
                }
                bytes.put((byte) value);
                i += 2;
            } else if (c < 0x80) {
                bytes.put((byte) c);
            } else {
                return null;
            }
        }
        try {
            // The strict decoder refuses over-long forms such as %c0%af.
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hex(String text, int index) {
        int digit = Character.digit(text.charAt(index), 16);
        return digit < 0 ? -1_000 : digit;
    }
}
