package dev.gatehouse.gateway.trace;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;

/** One line a request. The query is left out: it may hold secrets. */
final class AccessLog {

    private static final Logger log = LoggerFactory.getLogger("dev.gatehouse.gateway.access");
    private static final int CLIENT_LEFT = 499;
    private static final int LONGEST_VALUE = 200;

    private AccessLog() {}

    static void write(ServerWebExchange exchange, TraceContext context, long startNanos, boolean clientLeft) {
        if (!log.isInfoEnabled()) {
            return;
        }
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        log.info(
                "method={} path={} status={} ms={} subject={} request={} trace={}",
                printable(exchange.getRequest().getMethod().name()),
                printable(AccessNotes.path(exchange)),
                clientLeft ? CLIENT_LEFT : status == null ? 200 : status.value(),
                (System.nanoTime() - startNanos) / 1_000_000,
                printable(AccessNotes.subject(exchange)),
                context.requestId(),
                context.traceId());
    }

    /** A caller must not be able to forge a line or a field of it. */
    static String printable(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "-";
        }
        int length = Math.min(value.length(), LONGEST_VALUE);
        StringBuilder safe = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            safe.append(c > ' ' && c < 0x7f && c != '"' ? c : '?');
        }
        return safe.toString();
    }
}
