package dev.gatehouse.billing.audit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator is about to do.
 *
 * @param action the verb in kebab case, 3 to 50 lower-case letters and dashes, such as {@code replay-orders}
 * @param target the id or the filter, by name; never anything about a customer
 * @param reason the operator's own words, null where the action asks for none
 */
public record Intention(
        Operator operator,
        String action,
        Map<String, String> target,
        @Nullable String reason) {

    public Intention {
        target = Map.copyOf(target);
    }
}
