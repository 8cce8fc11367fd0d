package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.order.OrderCursor;
import dev.gatehouse.billing.order.OrderState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A cursor as clients carry it: opaque to them, and good only for the query it came from. */
final class CursorText {

    private static final String ANY = "-";
    private static final long YEAR_10000_MICROS = 253_402_300_800_000_000L;

    private CursorText() {}

    static String of(OrderCursor cursor) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, cursor.placedAt());
        String state = cursor.state() == null ? ANY : cursor.state().name();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((micros + " " + cursor.id() + " " + state).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws InvalidRequest for a text we never gave out, or gave out for another filter */
    static OrderCursor parse(String text, @Nullable OrderState state) {
        OrderCursor cursor;
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
            cursor = new OrderCursor(
                    placedAt(Long.parseLong(parts[0])),
                    UUID.fromString(parts[1]),
                    parts[2].equals(ANY) ? null : OrderState.valueOf(parts[2]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw refused("malformed", "Take the cursor from nextCursor as it is.");
        }
        if (!Objects.equals(cursor.state(), state)) {
            throw refused("other-query", "The cursor belongs to a query with another state.");
        }
        return cursor;
    }

    private static Instant placedAt(long micros) {
        if (micros < 0 || micros >= YEAR_10000_MICROS) {
            throw new IllegalArgumentException("Not a time of an order: " + micros);
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static InvalidRequest refused(String code, String message) {
        return new InvalidRequest(List.of(new FieldProblem("cursor", code, message)));
    }
}
