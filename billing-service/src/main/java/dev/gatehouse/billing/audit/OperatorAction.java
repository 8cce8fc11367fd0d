package dev.gatehouse.billing.audit;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of the record.
 *
 * @param target the id or the filter, by name
 * @param matched how many things it concerned
 * @param detail why it was refused, null where it was not
 * @param at the database's time of the transaction
 */
public record OperatorAction(
        UUID id,
        Operator operator,
        String action,
        Map<String, String> target,
        @Nullable String reason,
        long matched,
        Outcome outcome,
        @Nullable String detail,
        Instant at,
        @Nullable String traceId) {}
