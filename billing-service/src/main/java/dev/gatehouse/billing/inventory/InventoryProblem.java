package dev.gatehouse.billing.inventory;

import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An error as inventory describes it (RFC 9457); the type alone says what it means. */
record InventoryProblem(
        @Nullable String type,
        @Nullable String detail,
        @Nullable List<FieldError> errors) {

    static final String INSUFFICIENT_STOCK = "https://gatehouse.dev/problems/insufficient-stock";
    static final String UNKNOWN_FILM = "https://gatehouse.dev/problems/unknown-film";
    static final String CONFLICT = "https://gatehouse.dev/problems/conflict";
    static final String NOT_FOUND = "https://gatehouse.dev/problems/not-found";

    private static final Pattern LINE = Pattern.compile("lines\\[(\\d{1,4})].*");

    record FieldError(@Nullable String field) {}

    boolean is(String knownType) {
        return knownType.equals(type);
    }

    String description() {
        return detail == null ? String.valueOf(type) : detail;
    }

    /** The films of the sent lines that the errors point at. */
    List<UUID> films(List<ReservationLine> sent) {
        if (errors == null) {
            return List.of();
        }
        return errors.stream()
                .map(error -> LINE.matcher(String.valueOf(error.field())))
                .filter(Matcher::matches)
                .map(matcher -> Integer.parseInt(matcher.group(1)))
                .filter(index -> index < sent.size())
                .map(index -> sent.get(index).filmId())
                .distinct()
                .toList();
    }
}
