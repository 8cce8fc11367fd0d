package dev.gatehouse.gateway.wire;

import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts the request body as it streams; past the limit the upstream request is broken off, never completed. */
@Component
class BodyLimitFilter implements GlobalFilter, Ordered {

    /** Key of a route's metadata, for example {@code max-body: 64MB}. */
    static final String METADATA = "max-body";

    private final DataSize defaultLimit;

    BodyLimitFilter(WireProperties limits) {
        this.defaultLimit = limits.maxBody();
    }

    @Override
    public int getOrder() {
        return FilterOrder.BODY_LIMIT;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        DataSize limit = limit(exchange);
        if (exchange.getRequest().getHeaders().getContentLength() > limit.toBytes()) {
            return Mono.error(tooLarge(limit));
        }
        return chain.filter(exchange.mutate()
                .request(new Limited(exchange.getRequest(), limit))
                .build());
    }

    private DataSize limit(ServerWebExchange exchange) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Object own = route.getMetadata().get(METADATA);
        return own == null ? defaultLimit : DataSize.parse(own.toString());
    }

    private static Refused tooLarge(DataSize limit) {
        return new Refused(
                ProblemType.PAYLOAD_TOO_LARGE, "The request body may have " + limit.toBytes() + " bytes here.");
    }

    private static final class Limited extends ServerHttpRequestDecorator {

        private final DataSize limit;
        private long received;

        Limited(ServerHttpRequest request, DataSize limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody().handle((buffer, sink) -> {
                received += buffer.readableByteCount();
                if (received > limit.toBytes()) {
                    DataBufferUtils.release(buffer);
                    sink.error(tooLarge(limit));
                } else {
                    sink.next(buffer);
                }
            });
        }
    }
}
