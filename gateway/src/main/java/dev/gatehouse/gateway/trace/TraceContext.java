package dev.gatehouse.gateway.trace;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * The ids of one request: W3C Trace Context, level 1, and the platform's request id.
 *
 * @param requestId 8 to 128 characters that are safe in a log line
 * @param traceId 32 hexadecimal digits, not all zero
 * @param traceparent the header value that is passed on
 * @param tracestate the caller's vendor list; null if there is none or the trace starts here
 */
public record TraceContext(
        String requestId,
        String traceId,
        String traceparent,
        @Nullable String tracestate) {

    static final String REQUEST_ID = "X-Request-Id";
    static final String TRACEPARENT = "traceparent";
    static final String TRACESTATE = "tracestate";

    private static final String ATTRIBUTE = TraceContext.class.getName();
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._~+/=:@-]{8,128}");
    // Later versions may append fields: their first four are read as version 00 (section 4.3 of the specification).
    private static final Pattern PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
    private static final int VERSION_00_LENGTH = 55;

    /** The context of a request that has entered the gateway. */
    public static TraceContext of(ServerWebExchange exchange) {
        TraceContext context = exchange.getAttribute(ATTRIBUTE);
        return context != null ? context : begin(exchange);
    }

    /** Whether the request came through the edge filters, that is by the public port. */
    public static boolean hasEntered(ServerWebExchange exchange) {
        return exchange.getAttributes().containsKey(ATTRIBUTE);
    }

    static TraceContext begin(ServerWebExchange exchange) {
        TraceContext context = from(exchange.getRequest().getHeaders());
        exchange.getAttributes().put(ATTRIBUTE, context);
        return context;
    }

    static TraceContext from(HttpHeaders headers) {
        String parent = single(headers, TRACEPARENT);
        if (parent != null && isValid(parent)) {
            String traceId = parent.substring(3, 35);
            String sent = "00" + parent.substring(2, VERSION_00_LENGTH);
            return new TraceContext(requestId(headers, traceId), traceId, sent, state(headers));
        }
        String traceId = randomHex(16);
        String started = "00-" + traceId + "-" + randomHex(8) + "-01";
        return new TraceContext(requestId(headers, traceId), traceId, started, null);
    }

    private static boolean isValid(String parent) {
        return PARENT.matcher(parent).matches() && (!parent.startsWith("00") || parent.length() == VERSION_00_LENGTH);
    }

    private static @Nullable String state(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(TRACESTATE);
        return values.isEmpty() ? null : String.join(",", values);
    }

    private static String requestId(HttpHeaders headers, String traceId) {
        String given = single(headers, REQUEST_ID);
        return given != null && SAFE_ID.matcher(given).matches() ? given : traceId;
    }

    private static @Nullable String single(HttpHeaders headers, String name) {
        List<String> values = headers.getOrEmpty(name);
        return values.size() == 1 ? values.getFirst() : null;
    }

    private static String randomHex(int bytes) {
        byte[] value = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(value);
        // All zero is invalid; one bit is enough.
        value[0] |= 1;
        return HexFormat.of().formatHex(value);
    }
}
