package dev.gatehouse.billing.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The identity of one chain of requests and messages, as the header {@code traceparent} carries it (W3C Trace Context,
 * version 00).
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param parentId 16 lower-case hexadecimal digits
 * @param flags 2 hexadecimal digits
 */
public record Trace(String traceId, String parentId, String flags) {

    /** The header's name, in HTTP and AMQP alike. */
    public static final String HEADER = "traceparent";

    private static final String TRACE_ID = "traceId";
    private static final String PARENT = "traceparent";
    private static final Pattern FORM =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

    /**
     * The trace of a received header, or a new one when the header is absent or malformed: what a stranger sends never
     * fails a request.
     */
    public static Trace continued(@Nullable String traceparent) {
        if (traceparent != null) {
            var matcher = FORM.matcher(traceparent);
            if (matcher.matches()) {
                return new Trace(matcher.group(1), matcher.group(2), matcher.group(3));
            }
        }
        return new Trace(digits(16), digits(8), "01");
    }

    /** The header value of the trace this thread works for, if any. */
    public static Optional<String> current() {
        return Optional.ofNullable(MDC.get(PARENT));
    }

    /** The id of the trace this thread works for, if any. */
    public static Optional<String> currentId() {
        return Optional.ofNullable(MDC.get(TRACE_ID));
    }

    /** Lets this thread work for the trace until the scope is closed. */
    public Scope enter() {
        MDC.put(TRACE_ID, traceId);
        MDC.put(PARENT, header());
        return () -> {
            MDC.remove(TRACE_ID);
            MDC.remove(PARENT);
        };
    }

    /** The trace as a header's value. */
    public String header() {
        return "00-" + traceId + "-" + parentId + "-" + flags;
    }

    private static String digits(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** The time during which a thread works for a trace. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
