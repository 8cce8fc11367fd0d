package dev.gatehouse.gateway.resilience;

import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Says of each failed exchange with an upstream whether it was late (504), full (503) or broken (502). */
@Component
class UpstreamFailureFilter implements GlobalFilter, Ordered {

    private static final Logger log = LoggerFactory.getLogger(UpstreamFailureFilter.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    @Override
    public int getOrder() {
        return FilterOrder.UPSTREAM_FAILURES;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).onErrorMap(failure -> {
            Refused refused = refusal(failure);
            // A caller who sends or reads badly is not the upstream's fault.
            if (refused != failure && !exchange.getResponse().isCommitted()) {
                log.warn(
                        "Route {} failed with {}: {}",
                        routeId(exchange),
                        refused.type().slug(),
                        failure.toString());
            }
            return exchange.getResponse().isCommitted() ? failure : refused;
        });
    }

    static Refused refusal(Throwable failure) {
        return switch (failure) {
            case Refused refused -> refused;
            case ConnectTimeoutException late -> late(late);
            case TimeoutException late when isFull(late) -> full(late);
            case TimeoutException late -> late(late);
            case ReadTimeoutException late -> late(late);
            case ResponseStatusException known when known.getStatusCode() == HttpStatus.GATEWAY_TIMEOUT -> late(known);
            case PoolAcquirePendingLimitException queue -> full(queue);
            case AbortedException aborted -> broken(aborted);
            default -> broken(failure);
        };
    }

    private static boolean isFull(TimeoutException failure) {
        return failure instanceof PoolAcquireTimeoutException;
    }

    private static Refused late(Throwable cause) {
        return new Refused(ProblemType.GATEWAY_TIMEOUT, "The service did not answer in time.", cause);
    }

    private static Refused full(Throwable cause) {
        return new Refused(ProblemType.SERVICE_UNAVAILABLE, "The service has too many requests waiting.", cause)
                .with(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }

    private static Refused broken(Throwable cause) {
        return new Refused(ProblemType.BAD_GATEWAY, "The service could not be reached or answered badly.", cause);
    }

    private static String routeId(ServerWebExchange exchange) {
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        return route == null ? "-" : route.getId();
    }
}
