package dev.gatehouse.gateway;

import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** A defect in the gateway, on demand. */
@TestComponent
class FailingFilter implements EdgeFilter {

    static final String TRIGGER = "X-Test-Defect";
    static final String SECRET = "the-secret-of-the-exception";

    @Override
    public int order() {
        return FilterOrder.CALLER + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getRequest().getHeaders().containsHeader(TRIGGER)
                ? Mono.error(new IllegalStateException(SECRET))
                : chain.filter(exchange);
    }
}
