package dev.gatehouse.gateway.wire;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sets the security headers of every response and drops those that tell which software answered. */
@Component
class ResponseHeadersFilter implements EdgeFilter {

    private static final String CONTENT_SECURITY_POLICY = "Content-Security-Policy";

    private final WireProperties settings;

    ResponseHeadersFilter(WireProperties settings) {
        this.settings = settings;
    }

    @Override
    public int order() {
        return FilterOrder.RESPONSE_HEADERS;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getResponse().beforeCommit(() -> {
            HttpHeaders headers = exchange.getResponse().getHeaders();
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("X-Frame-Options", "DENY");
            headers.set("Referrer-Policy", "no-referrer");
            // Blocks reads without CORS only; what the CORS policy allows stays readable.
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            if (!headers.containsHeader(CONTENT_SECURITY_POLICY)) {
                headers.set(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
            }
            if (!settings.strictTransportSecurity().isEmpty()) {
                headers.set("Strict-Transport-Security", settings.strictTransportSecurity());
            }
            headers.remove(HttpHeaders.SERVER);
            headers.remove("X-Powered-By");
            return Mono.empty();
        });
        return chain.filter(exchange);
    }
}
