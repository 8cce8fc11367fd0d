package dev.gatehouse.inventory.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads query parameters and remembers everything that is wrong with them, as {@link JsonFields} does for a body. */
public final class Parameters {

    private final List<FieldError> errors = new ArrayList<>();

    public @Nullable String text(String name, @Nullable String value, int maxLength) {
        return value == null ? null : Rules.text(name, value, maxLength, false, errors);
    }

    public @Nullable Long integer(String name, @Nullable String value, long min, long max) {
        if (value == null) {
            return null;
        }
        if (!value.matches("-?[0-9]{1,18}")) {
            refuse(name, "wrong-type", "must be a whole number");
            return null;
        }
        return Rules.inRange(name, Long.parseLong(value), min, max, errors);
    }

    /** One of a closed set, by the name that callers use for it. */
    public <T> @Nullable T oneOf(String name, @Nullable String value, T[] all, Function<T, String> label) {
        if (value == null) {
            return null;
        }
        for (T candidate : all) {
            if (label.apply(candidate).equals(value)) {
                return candidate;
            }
        }
        Stream<String> labels = Arrays.stream(all).map(label);
        refuse(name, "unknown-value", "must be one of " + labels.collect(Collectors.joining(", ")));
        return null;
    }

    public void refuse(String name, String code, String message) {
        errors.add(new FieldError(name, code, message));
    }

    /** @throws InvalidInput with every error found */
    public void finish() {
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }
}
