package dev.gatehouse.gateway.wire;

import dev.gatehouse.gateway.FilterOrder;
import java.net.URI;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Joins the route's address with path and query exactly as they came; the framework's filter would decode and reorder. */
@Component
class UpstreamUrlFilter implements GlobalFilter, Ordered {

    @Override
    public int getOrder() {
        return FilterOrder.UPSTREAM_URL;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        URI upstream = route.getUri();
        URI request = exchange.getRequest().getURI();
        String query = request.getRawQuery();
        String url = upstream.getScheme() + "://" + upstream.getRawAuthority() + request.getRawPath()
                + (query == null ? "" : "?" + query);
        exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, URI.create(url));
        return chain.filter(exchange);
    }
}
