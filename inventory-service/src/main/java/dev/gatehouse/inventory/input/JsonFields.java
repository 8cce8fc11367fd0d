package dev.gatehouse.inventory.input;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads one JSON object field by field and remembers everything that is wrong with it.
 *
 * <p>The required readers answer a stand-in when the field is bad, so that a caller reads all fields in one go; {@link
 * #finish()} then refuses the whole object before a stand-in can be used. Nothing is coerced: {@code "12"} is not a number
 * and {@code 12} is not a text.
 */
public final class JsonFields {

    private static final UUID NO_UUID = new UUID(0, 0);

    private final JsonNode object;
    private final String prefix;
    private final List<FieldError> errors;
    private final List<JsonFields> all;
    private final Set<String> known = new HashSet<>();

    private JsonFields(JsonNode object, String prefix, List<FieldError> errors, List<JsonFields> all) {
        this.object = object;
        this.prefix = prefix;
        this.errors = errors;
        this.all = all;
        all.add(this);
    }

    /** @throws InvalidInput when the node is not an object */
    public static JsonFields of(JsonNode node) {
        if (!node.isObject()) {
            throw new InvalidInput(new FieldError("", "wrong-type", "must be an object"));
        }
        return new JsonFields(node, "", new ArrayList<>(), new ArrayList<>());
    }

    public String text(String name, int maxLength) {
        return Optional.ofNullable(readText(name, maxLength, false, true)).orElse("");
    }

    public @Nullable String optionalText(String name, int maxLength) {
        return readText(name, maxLength, false, false);
    }

    /** Like {@link #optionalText}, with line breaks and tabs allowed. */
    public @Nullable String optionalLines(String name, int maxLength) {
        return readText(name, maxLength, true, false);
    }

    private @Nullable String readText(String name, int maxLength, boolean lines, boolean required) {
        JsonNode node = field(name, required);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            return wrongType(name, "a text");
        }
        return Rules.text(prefix + name, node.stringValue(), maxLength, lines, errors);
    }

    public long integer(String name, long min, long max) {
        Long value = readInteger(name, min, max, true);
        return value == null ? min : value;
    }

    /** Like {@link #integer}, for callers that check further: null when it was refused already. */
    public @Nullable Long requiredInteger(String name, long min, long max) {
        return readInteger(name, min, max, true);
    }

    public @Nullable Long optionalInteger(String name, long min, long max) {
        return readInteger(name, min, max, false);
    }

    private @Nullable Long readInteger(String name, long min, long max, boolean required) {
        JsonNode node = field(name, required);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber()) {
            return wrongType(name, "a whole number");
        }
        if (!node.canConvertToLong()) {
            errors.add(Rules.outOfRange(prefix + name, node.bigIntegerValue().signum() < 0, min, max));
            return null;
        }
        return Rules.inRange(prefix + name, node.longValue(), min, max, errors);
    }

    public UUID uuid(String name) {
        return Optional.ofNullable(readUuid(name, true)).orElse(NO_UUID);
    }

    public @Nullable UUID optionalUuid(String name) {
        return readUuid(name, false);
    }

    private @Nullable UUID readUuid(String name, boolean required) {
        JsonNode node = field(name, required);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            return wrongType(name, "a text");
        }
        return Rules.uuid(prefix + name, node.stringValue(), errors);
    }

    public JsonFields object(String name) {
        JsonNode node = field(name, true);
        if (node != null && node.isObject()) {
            return new JsonFields(node, prefix + name + ".", errors, all);
        }
        if (node != null) {
            wrongType(name, "an object");
        }
        return silent();
    }

    /** The elements of a required array of objects. */
    public List<JsonFields> objects(String name, int min, int max) {
        List<JsonFields> result = new ArrayList<>();
        List<JsonNode> elements = elements(name, min, max);
        for (int i = 0; i < elements.size(); i++) {
            String path = name + "[" + i + "]";
            if (elements.get(i).isObject()) {
                result.add(new JsonFields(elements.get(i), prefix + path + ".", errors, all));
            } else {
                wrongType(path, "an object");
            }
        }
        return result;
    }

    /** The elements of a required array of texts, blank and over-long ones left out and reported. */
    public List<String> texts(String name, int min, int max, int maxLength) {
        List<String> result = new ArrayList<>();
        List<JsonNode> elements = elements(name, min, max);
        for (int i = 0; i < elements.size(); i++) {
            String path = name + "[" + i + "]";
            if (!elements.get(i).isString()) {
                wrongType(path, "a text");
                continue;
            }
            String text = Rules.text(prefix + path, elements.get(i).stringValue(), maxLength, false, errors);
            if (text != null) {
                result.add(text);
            }
        }
        return result;
    }

    private List<JsonNode> elements(String name, int min, int max) {
        JsonNode node = field(name, true);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            wrongType(name, "an array");
            return List.of();
        }
        if (node.size() < min || node.size() > max) {
            boolean few = node.size() < min;
            errors.add(new FieldError(
                    prefix + name,
                    few ? "too-few" : "too-many",
                    "must have between " + min + " and " + max + " elements",
                    (long) (few ? min : max)));
            return List.of();
        }
        return List.copyOf(node.values());
    }

    /** Adds what only the caller can know is wrong with a field of this object. */
    public void refuse(String name, String code, String message) {
        errors.add(new FieldError(prefix + name, code, message));
    }

    /**
     * Ends the reading of the object and of all its parts.
     *
     * @throws InvalidInput with every error found, unknown fields included
     */
    public void finish() {
        for (JsonFields part : all) {
            for (String name : part.object.propertyNames()) {
                if (!part.known.contains(name)) {
                    part.refuse(name, "unknown-field", "is not a field of this request");
                }
            }
        }
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }

    private @Nullable JsonNode field(String name, boolean required) {
        known.add(name);
        JsonNode node = object.path(name);
        if (!node.isMissingNode() && !node.isNull()) {
            return node;
        }
        if (required) {
            refuse(name, "required", "is required");
        }
        return null;
    }

    private <T> @Nullable T wrongType(String name, String expected) {
        refuse(name, "wrong-type", "must be " + expected);
        return null;
    }

    /** A part whose own errors do not count: the part itself was already refused. */
    private static JsonFields silent() {
        return new JsonFields(MissingNode.getInstance(), "", new ArrayList<>(), new ArrayList<>());
    }
}
