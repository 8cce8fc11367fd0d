package dev.gatehouse.billing.input;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Where a page of things in order of time ended; as text it is opaque to clients and good only for the query it came
 * from.
 *
 * @param at the last thing's time, of the database, in whole microseconds
 * @param id the last thing's id
 */
public record PageCursor(Instant at, UUID id) {

    private static final long YEAR_10000_MICROS = 253_402_300_800_000_000L;

    /** @param query what else the client asked for, in a form that is the same whenever it asks for the same */
    public String text(String query) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((micros + " " + id + " " + Integer.toHexString(query.hashCode()))
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** @throws InvalidRequest for a text we never gave out, or gave out for another query */
    public static PageCursor parse(String text, String query) {
        String[] parts;
        PageCursor cursor;
        try {
            parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
            cursor = new PageCursor(time(Long.parseLong(parts[0])), UUID.fromString(parts[1]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw refused("malformed", "Take the cursor from nextCursor as it is.");
        }
        if (parts.length != 3 || !parts[2].equals(Integer.toHexString(query.hashCode()))) {
            throw refused("other-query", "The cursor belongs to a query with other parameters.");
        }
        return cursor;
    }

    private static Instant time(long micros) {
        if (micros < 0 || micros >= YEAR_10000_MICROS) {
            throw new IllegalArgumentException("Not a time of ours: " + micros);
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static InvalidRequest refused(String code, String message) {
        return new InvalidRequest(List.of(new FieldProblem("cursor", code, message)));
    }
}
