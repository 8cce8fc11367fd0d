package dev.gatehouse.inventory.input;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that a JSON field and a query parameter share; each adds at most one error. */
final class Rules {

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Rules() {}

    static @Nullable String text(String field, String value, int maxLength, boolean lines, List<FieldError> errors) {
        if (value.isBlank()) {
            errors.add(new FieldError(field, "blank", "must not be blank"));
        } else if (value.codePointCount(0, value.length()) > maxLength) {
            errors.add(new FieldError(
                    field, "too-long", "must be at most " + maxLength + " characters", (long) maxLength));
        } else if (!value.codePoints().allMatch(c -> storable(c, lines))) {
            errors.add(new FieldError(
                    field, "invalid-characters", "must not contain control, unpaired or replacement characters"));
        } else {
            return value;
        }
        return null;
    }

    /** PostgreSQL cannot store U+0000; U+FFFD is what a decoder leaves of bytes that were not UTF-8. */
    private static boolean storable(int codePoint, boolean lines) {
        if (lines && (codePoint == '\n' || codePoint == '\r' || codePoint == '\t')) {
            return true;
        }
        return !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE
                && codePoint != 0xFFFD;
    }

    static @Nullable Long inRange(String field, long value, long min, long max, List<FieldError> errors) {
        if (value >= min && value <= max) {
            return value;
        }
        errors.add(outOfRange(field, value < min, min, max));
        return null;
    }

    static FieldError outOfRange(String field, boolean below, long min, long max) {
        return new FieldError(field, "out-of-range", "must be between " + min + " and " + max, below ? min : max);
    }

    static @Nullable UUID uuid(String field, String value, List<FieldError> errors) {
        // UUID.fromString also takes "1-1-1-1-1".
        if (UUID_FORM.matcher(value).matches()) {
            return UUID.fromString(value);
        }
        errors.add(new FieldError(field, "malformed", "must be a UUID"));
        return null;
    }
}
