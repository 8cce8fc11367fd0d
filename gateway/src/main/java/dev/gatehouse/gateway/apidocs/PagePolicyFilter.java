package dev.gatehouse.gateway.apidocs;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The content security policy under which Swagger UI works: own scripts only, and token requests to the issuer. */
@Component
class PagePolicyFilter implements EdgeFilter {

    private final String policy;

    PagePolicyFilter(ApiDocsProperties properties) {
        this.policy = String.join(
                "; ",
                "default-src 'self'",
                "connect-src 'self' " + properties.issuerOrigin(),
                "img-src 'self' data:",
                "style-src 'self' 'unsafe-inline'",
                "script-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'");
    }

    @Override
    public int order() {
        return FilterOrder.PAGE_POLICY;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getRequest().getURI().getRawPath().startsWith(SwaggerUi.BASE)) {
            exchange.getResponse().beforeCommit(() -> {
                exchange.getResponse().getHeaders().set("Content-Security-Policy", policy);
                return Mono.empty();
            });
        }
        return chain.filter(exchange);
    }
}
