package dev.gatehouse.gateway.trace;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** What inner filters learn about a request and the access line should say. */
public final class AccessNotes {

    private static final String SUBJECT = AccessNotes.class.getName() + ".subject";
    private static final String PATH = AccessNotes.class.getName() + ".path";

    private AccessNotes() {}

    /** The validated token's subject. */
    public static void subject(ServerWebExchange exchange, String subject) {
        exchange.getAttributes().put(SUBJECT, subject);
    }

    /** The path as received, where the exchange cannot represent it. */
    public static void path(ServerWebExchange exchange, String path) {
        exchange.getAttributes().put(PATH, path);
    }

    static @Nullable String subject(ServerWebExchange exchange) {
        return exchange.getAttribute(SUBJECT);
    }

    static String path(ServerWebExchange exchange) {
        String noted = exchange.getAttribute(PATH);
        return noted != null ? noted : exchange.getRequest().getURI().getRawPath();
    }
}
