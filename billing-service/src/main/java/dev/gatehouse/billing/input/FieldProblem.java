package dev.gatehouse.billing.input;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request.
 *
 * @param field path in the body such as {@code lines[0].quantity}, or the name of a parameter or header
 * @param code stable word for machines
 * @param message one sentence for people
 * @param limit the bound that was broken, where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldProblem(
        String field, String code, String message, @Nullable Object limit) {

    public FieldProblem(String field, String code, String message) {
        this(field, code, message, null);
    }

    /** The field holds something that is not of the type, null if that is not known. */
    public static FieldProblem wrongType(String field, @Nullable Class<?> type) {
        return new FieldProblem(field, "wrong-type", expected(type));
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "Has the wrong type.";
        }
        if (type.isEnum()) {
            return "Must be one of " + List.of(type.getEnumConstants()) + ".";
        }
        return Number.class.isAssignableFrom(type) || type.isPrimitive()
                ? "Must be a whole number."
                : "Must be a " + type.getSimpleName() + ".";
    }
}
