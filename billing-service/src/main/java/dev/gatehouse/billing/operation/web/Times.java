package dev.gatehouse.billing.operation.web;

import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.order.OrderState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From when to when something was parked, as clients write it.
 *
 * @param after this moment or later, null for no bound
 * @param before earlier than this, null for no bound
 */
record Times(@Nullable Instant after, @Nullable Instant before) {

    private static final Instant YEAR_10000 =
            Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);

    /** @throws InvalidRequest naming each text that is no time */
    static Times of(@Nullable String parkedAfter, @Nullable String parkedBefore) {
        List<FieldProblem> problems = check(parkedAfter, parkedBefore);
        if (!problems.isEmpty()) {
            throw new InvalidRequest(problems);
        }
        return new Times(parse(parkedAfter), parse(parkedBefore));
    }

    /** A filter with these times as the record of actions writes it, without what it does not ask for. */
    static Map<String, String> target(
            @Nullable OrderState state,
            @Nullable String reason,
            @Nullable Instant after,
            @Nullable Instant before,
            int limit) {
        Map<String, String> target = new TreeMap<>();
        target.put("limit", String.valueOf(limit));
        put(target, "state", state);
        put(target, "reason", reason);
        put(target, "parkedAfter", after);
        put(target, "parkedBefore", before);
        return target;
    }

    private static void put(Map<String, String> target, String name, @Nullable Object value) {
        if (value != null) {
            target.put(name, value.toString());
        }
    }

    static List<FieldProblem> check(@Nullable String parkedAfter, @Nullable String parkedBefore) {
        List<FieldProblem> problems = new ArrayList<>();
        check("parkedAfter", parkedAfter, problems);
        check("parkedBefore", parkedBefore, problems);
        return problems;
    }

    private static void check(String field, @Nullable String text, List<FieldProblem> problems) {
        try {
            parse(text);
        } catch (DateTimeException notATime) {
            problems.add(
                    new FieldProblem(field, "wrong-type", "Must be a time of RFC 3339, such as 2026-01-31T12:00:00Z."));
        }
    }

    private static @Nullable Instant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Instant time = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
        if (time.isBefore(Instant.EPOCH) || !time.isBefore(YEAR_10000)) {
            throw new DateTimeException("Not a time that anything is parked at: " + text);
        }
        return time;
    }
}
