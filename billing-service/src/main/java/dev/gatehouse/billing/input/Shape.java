package dev.gatehouse.billing.input;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a JSON document with the record it is to become: unknown fields, wrong types and card numbers, all of them
 * at once.
 */
final class Shape {

    private final List<FieldProblem> problems = new ArrayList<>();

    private Shape() {}

    /** Lists what is wrong and takes it out of the document, so that the rest can still be bound and checked. */
    static List<FieldProblem> prune(JsonNode document, Type type) {
        var shape = new Shape();
        shape.accepts(document, type, "");
        return shape.problems;
    }

    private boolean accepts(JsonNode node, Type type, String path) {
        return switch (type) {
            case Class<?> raw when raw.isRecord() -> acceptsRecord(node, raw, path);
            case ParameterizedType list
            when list.getRawType() == List.class -> acceptsList(node, list.getActualTypeArguments()[0], path);
            case Class<?> raw -> acceptsValue(node, raw, path);
            default -> throw new IllegalStateException("A request body holds records, lists and values, not " + type);
        };
    }

    private boolean acceptsRecord(JsonNode node, Class<?> type, String path) {
        if (!(node instanceof ObjectNode object)) {
            return wrongType(path, "an object");
        }
        for (String name : List.copyOf(object.propertyNames())) {
            String field = path.isEmpty() ? name : path + "." + name;
            JsonNode value = object.path(name);
            var component = Arrays.stream(type.getRecordComponents())
                    .filter(candidate -> candidate.getName().equals(name))
                    .map(RecordComponent::getGenericType)
                    .findFirst();
            if (component.isEmpty()) {
                boolean card = holdsCardNumber(value);
                problems.add(
                        card
                                ? cardNumber(field)
                                : new FieldProblem(field, "unknown-field", "This field does not exist."));
                object.remove(name);
            } else if (!value.isNull() && !accepts(value, component.get(), field)) {
                object.remove(name);
            }
        }
        return true;
    }

    private boolean acceptsList(JsonNode node, Type element, String path) {
        if (!(node instanceof ArrayNode array)) {
            return wrongType(path, "an array");
        }
        boolean accepted = true;
        for (int i = 0; i < array.size(); i++) {
            accepted &= accepts(array.get(i), element, path + "[" + i + "]");
        }
        return accepted;
    }

    private boolean acceptsValue(JsonNode node, Class<?> type, String path) {
        if (holdsCardNumber(node)) {
            problems.add(cardNumber(path));
            return false;
        }
        if (type == String.class) {
            return node.isString() || wrongType(path, "a string");
        }
        if (type == Integer.class) {
            return (node.isIntegralNumber() && node.canConvertToInt()) || wrongType(path, "a whole number of 32 bits");
        }
        if (type == Long.class) {
            return (node.isIntegralNumber() && node.canConvertToLong()) || wrongType(path, "a whole number of 64 bits");
        }
        if (type == Boolean.class) {
            return node.isBoolean() || wrongType(path, "true or false");
        }
        if (type == UUID.class) {
            return (node.isString() && CardNumbers.isUuid(node.stringValue())) || wrongType(path, "a UUID string");
        }
        throw new IllegalStateException("A request body holds boxed values, strings and UUIDs, not " + type);
    }

    private static boolean holdsCardNumber(JsonNode node) {
        if (node.isString() || node.isIntegralNumber()) {
            return CardNumbers.occurIn(node.asString());
        }
        for (JsonNode child : node) {
            if (holdsCardNumber(child)) {
                return true;
            }
        }
        return false;
    }

    private static FieldProblem cardNumber(String field) {
        return new FieldProblem(
                field, "card-number", "This looks like a card number; send the payment provider's token instead.");
    }

    private boolean wrongType(String path, String expected) {
        problems.add(new FieldProblem(path.isEmpty() ? "$" : path, "wrong-type", "Must be " + expected + "."));
        return false;
    }
}
