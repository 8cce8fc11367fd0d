package dev.gatehouse.gateway.trace;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Gives every request its ids, returns them to the client and writes the access line. */
@Component
class TraceFilter implements EdgeFilter {

    @Override
    public int order() {
        return FilterOrder.TRACE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        TraceContext context = TraceContext.begin(exchange);
        long startNanos = System.nanoTime();
        exchange.getResponse().beforeCommit(() -> {
            // Set, not added: an upstream that echoes them must not double them.
            HttpHeaders headers = exchange.getResponse().getHeaders();
            headers.set(TraceContext.REQUEST_ID, context.requestId());
            headers.set(TraceContext.TRACEPARENT, context.traceparent());
            return Mono.empty();
        });
        return chain.filter(exchange)
                .doFinally(signal -> AccessLog.write(exchange, context, startNanos, signal == SignalType.CANCEL));
    }
}
