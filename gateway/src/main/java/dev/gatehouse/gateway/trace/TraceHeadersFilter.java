package dev.gatehouse.gateway.trace;

import dev.gatehouse.gateway.FilterOrder;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Passes the request's ids on to the upstream. */
@Component
class TraceHeadersFilter implements HttpHeadersFilter, Ordered {

    @Override
    public int getOrder() {
        return FilterOrder.UPSTREAM_HEADERS;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        TraceContext context = TraceContext.of(exchange);
        HttpHeaders headers = new HttpHeaders();
        headers.addAll(input);
        headers.set(TraceContext.REQUEST_ID, context.requestId());
        headers.set(TraceContext.TRACEPARENT, context.traceparent());
        if (context.tracestate() == null) {
            headers.remove(TraceContext.TRACESTATE);
        } else {
            headers.set(TraceContext.TRACESTATE, context.tracestate());
        }
        return headers;
    }
}
