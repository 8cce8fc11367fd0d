package dev.gatehouse.devstack.payments;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Form parameters with Stripe's nested names: {@code metadata[order_id]=1}, {@code expand[]=latest_charge},
 * {@code expand[0]=latest_charge}, {@code created[gte]=0}.
 */
record Form(Map<String, String> fields) {

    /**
     * Reads a query string or an urlencoded body.
     *
     * @throws StripeError 400 if it cannot be decoded
     */
    static Form parse(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            fields.put(name.endsWith("[]") ? numbered(name, fields) : name, value);
        }
        return new Form(fields);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw StripeError.invalid(null, null, "The request body is not valid form data.");
        }
    }

    private static String numbered(String name, Map<String, String> fields) {
        String root = name.substring(0, name.length() - 1);
        int index = 0;
        while (fields.containsKey(root + index + "]")) {
            index++;
        }
        return root + index + "]";
    }

    @Nullable
    String get(String name) {
        String value = fields.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    String required(String name) {
        String value = get(name);
        if (value == null) {
            throw StripeError.invalid("parameter_missing", name, "Missing required param: " + name + ".");
        }
        return value;
    }

    /** The whole number of the name, in minor units where it is an amount. */
    @Nullable
    Long number(String name) {
        String value = get(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw StripeError.invalid("parameter_invalid_integer", name, "Invalid integer: " + value);
        }
    }

    boolean flag(String name) {
        String value = get(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw StripeError.invalid(null, name, "Invalid boolean: " + value);
    }

    String oneOf(String name, String otherwise, Set<String> allowed) {
        String value = get(name);
        if (value == null) {
            return otherwise;
        }
        if (!allowed.contains(value)) {
            throw StripeError.invalid(
                    null, name, "Invalid " + name + ": must be one of " + String.join(", ", new TreeSet<>(allowed)));
        }
        return value;
    }

    /** The fields below a name: {@code metadata[a]=1} is {@code a=1} below {@code metadata}. */
    Map<String, String> below(String name) {
        Map<String, String> inner = new LinkedHashMap<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(name + "[") && field.endsWith("]")) {
                inner.put(field.substring(name.length() + 1, field.length() - 1), value);
            }
        });
        return inner;
    }

    List<String> list(String name) {
        return new ArrayList<>(below(name).values());
    }

    /** Refuses a name that the operation does not have, as Stripe does. */
    void allowOnly(Set<String> names) {
        for (String field : fields.keySet()) {
            int bracket = field.indexOf('[');
            String root = bracket < 0 ? field : field.substring(0, bracket);
            if (!names.contains(root)) {
                throw StripeError.invalid("parameter_unknown", field, "Received unknown parameter: " + field);
            }
        }
    }

    /** The same text for the same parameters in any order. */
    String canonical() {
        return new TreeMap<>(fields).toString();
    }
}
