package dev.gatehouse.billing.audit;

import java.util.Map;
import java.util.TreeMap;
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

    /**
     * An action on what a filter finds.
     *
     * @param filter by name; those without a value are left out
     */
    public static Intention onFilter(Operator operator, String action, Map<String, @Nullable Object> filter) {
        Map<String, String> given = new TreeMap<>();
        filter.forEach((name, value) -> {
            if (value != null) {
                given.put(name, value.toString());
            }
        });
        return new Intention(operator, action, given, null);
    }
}
