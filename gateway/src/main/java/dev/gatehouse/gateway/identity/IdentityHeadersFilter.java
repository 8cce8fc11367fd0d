package dev.gatehouse.gateway.identity;

import dev.gatehouse.gateway.FilterOrder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * The upstream learns who calls, and from where, from the validated token and the connection alone: what the client
 * says about itself is dropped.
 */
@Component
class IdentityHeadersFilter implements HttpHeadersFilter, Ordered {

    private static final String SUBJECT = "X-Gatehouse-Subject";
    private static final String SCOPES = "X-Gatehouse-Scopes";

    private static final List<String> DROPPED_PREFIXES = List.of(
            "x-gatehouse-",
            "x-user-",
            "x-authenticated-",
            "x-auth-",
            "x-forwarded-",
            "x-original-",
            "x-rewrite-",
            "x-amzn-oidc-",
            "x-ms-client-principal",
            "x-envoy-");
    private static final Set<String> DROPPED = Set.of(
            "forwarded",
            "x-user",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-remote-user",
            "x-remote-addr",
            "remote-user",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "proxy",
            "proxy-connection");

    @Override
    public int getOrder() {
        return FilterOrder.UPSTREAM_HEADERS;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders headers = new HttpHeaders();
        input.forEach((name, values) -> {
            if (!isDropped(name)) {
                headers.addAll(name, values);
            }
        });
        ServerHttpRequest request = exchange.getRequest();
        InetSocketAddress client = request.getRemoteAddress();
        if (client != null && client.getAddress() != null) {
            headers.set("X-Forwarded-For", client.getAddress().getHostAddress());
        }
        headers.set("X-Forwarded-Proto", request.getURI().getScheme());
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        if (host != null) {
            headers.set("X-Forwarded-Host", host);
        }
        CallerFilter.Caller caller = CallerFilter.caller(exchange);
        if (caller != null) {
            headers.set(SUBJECT, fieldValue(caller.subject()));
            headers.set(SCOPES, fieldValue(caller.scopes()));
        }
        return headers;
    }

    /** An underscore is read as a hyphen by some servers, so it must not get past the list either. */
    static boolean isDropped(String name) {
        String normal = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return DROPPED.contains(normal) || DROPPED_PREFIXES.stream().anyMatch(normal::startsWith);
    }

    /** Percent-encodes what may not stand in a header field, so that a subject cannot add a line. */
    static String fieldValue(String value) {
        StringBuilder safe = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                safe.append((char) b);
            } else {
                safe.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return safe.toString();
    }
}
