package dev.gatehouse.gateway.identity;

import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import dev.gatehouse.gateway.trace.TraceContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Lets a request without a token use only the methods its route names; a route that names none is closed. */
@Component
class RouteAccessFilter implements GlobalFilter, Ordered {

    /** Key of a route's metadata, for example {@code anonymous: GET HEAD}. */
    static final String METADATA = "anonymous";

    @Override
    public int getOrder() {
        return FilterOrder.ROUTE_ACCESS;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!TraceContext.hasEntered(exchange)) {
            // The management context knows the routes too, but not the filters that guard them.
            return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
        }
        boolean open = CallerFilter.isAuthenticated(exchange) || isAnonymousAllowed(exchange);
        return open ? chain.filter(exchange) : Mono.error(noToken());
    }

    private static boolean isAnonymousAllowed(ServerWebExchange exchange) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Object methods = route.getMetadata().get(METADATA);
        return methods != null
                && Arrays.asList(methods.toString().split(" ", -1))
                        .contains(exchange.getRequest().getMethod().name());
    }

    private static Refused noToken() {
        // RFC 6750 section 3.1: without a token in the request there is no error code in the challenge.
        return new Refused(ProblemType.UNAUTHENTICATED, "This needs an access token.")
                .with(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"gatehouse\"");
    }

    static Refused invalidToken(@Nullable Throwable cause) {
        return new Refused(ProblemType.UNAUTHENTICATED, "The access token is not valid, or no longer.", cause)
                .with(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"gatehouse\", error=\"invalid_token\"");
    }
}
