package dev.gatehouse.inventory.catalogue.web;

import dev.gatehouse.inventory.input.FieldError;
import dev.gatehouse.inventory.input.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags and the conditions on them (RFC 9110, sections 8.8.3 and 13.1). A film's tag is its version. */
final class EntityTags {

    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");
    private static final Pattern LIST =
            Pattern.compile("[ \\t,]*" + TAG.pattern() + "([ \\t]*,[ \\t]*(" + TAG.pattern() + ")?)*[ \\t]*");

    private EntityTags() {}

    static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * {@code If-Match}: strong comparison, so that a weak tag never matches.
     *
     * @throws PreconditionMissing when the header is absent
     */
    static LongPredicate ifMatch(@Nullable String header) {
        if (header == null) {
            throw new PreconditionMissing();
        }
        if (header.strip().equals("*")) {
            return version -> true;
        }
        List<Tag> tags = parse("If-Match", header);
        return version -> tags.stream().anyMatch(tag -> !tag.weak && tag.opaque.equals(of(version)));
    }

    /** {@code If-None-Match}: weak comparison. True: the caller has this version already. */
    static LongPredicate ifNoneMatch(@Nullable String header) {
        if (header == null) {
            return version -> false;
        }
        if (header.strip().equals("*")) {
            return version -> true;
        }
        List<Tag> tags = parse("If-None-Match", header);
        return version -> tags.stream().anyMatch(tag -> tag.opaque.equals(of(version)));
    }

    private static List<Tag> parse(String name, String header) {
        if (!LIST.matcher(header).matches()) {
            throw new InvalidInput(
                    new FieldError(name, "malformed", "must be * or a list of quoted entity tags, such as \"3\""));
        }
        List<Tag> tags = new ArrayList<>();
        Matcher matcher = TAG.matcher(header);
        while (matcher.find()) {
            tags.add(new Tag(matcher.group(1) != null, matcher.group(2)));
        }
        return tags;
    }

    private record Tag(boolean weak, String opaque) {}
}
