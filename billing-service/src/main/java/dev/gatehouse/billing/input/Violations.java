package dev.gatehouse.billing.input;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.util.Map;

/** Broken constraints in the words of our problems: a stable code, and the limit that was passed. */
public final class Violations {

    private Violations() {}

    public static FieldProblem describe(String field, ConstraintViolation<?> violation) {
        ConstraintDescriptor<?> descriptor = violation.getConstraintDescriptor();
        Map<String, Object> attributes = descriptor.getAttributes();
        Object value = violation.getInvalidValue();
        String message = sentence(violation.getMessage());
        return switch (descriptor.getAnnotation().annotationType().getSimpleName()) {
            case "NotNull", "NotBlank", "NotEmpty" -> new FieldProblem(field, "required", message);
            case "Size" -> size(field, message, value, attributes);
            case "Min", "DecimalMin", "Positive", "PositiveOrZero" ->
                new FieldProblem(field, "too-small", message, attributes.get("value"));
            case "Max", "DecimalMax" -> new FieldProblem(field, "too-large", message, attributes.get("value"));
            default -> new FieldProblem(field, "malformed", message);
        };
    }

    private static FieldProblem size(String field, String message, Object value, Map<String, Object> attributes) {
        int length = switch (value) {
            case CharSequence text -> text.length();
            case java.util.Collection<?> items -> items.size();
            default -> 0;
        };
        int max = (int) attributes.getOrDefault("max", Integer.MAX_VALUE);
        return length > max
                ? new FieldProblem(field, "too-long", message, max)
                : new FieldProblem(field, "too-short", message, attributes.get("min"));
    }

    private static String sentence(String message) {
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + (message.endsWith(".") ? "" : ".");
    }
}
