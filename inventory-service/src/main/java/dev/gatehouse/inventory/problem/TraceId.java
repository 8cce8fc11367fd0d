package dev.gatehouse.inventory.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ties an answer to its log line: the caller's W3C trace id, or one of our own when there is none. */
final class TraceId {

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final String ATTRIBUTE = TraceId.class.getName();

    private TraceId() {}

    static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String header = request.getHeader("traceparent");
        Matcher matcher = TRACEPARENT.matcher(header == null ? "" : header);
        String id = matcher.matches() ? matcher.group(1) : random();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    private static String random() {
        byte[] bytes = new byte[16];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
