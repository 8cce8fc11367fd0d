package dev.gatehouse.gateway;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * A filter of the public port. A plain {@code WebFilter} bean would run on the management port too, because the
 * management context looks its filters up in its parent.
 */
public interface EdgeFilter {

    /** One of the positions in {@link FilterOrder}. */
    int order();

    Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain);
}
