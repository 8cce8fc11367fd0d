package dev.gatehouse.gateway.problem;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.trace.TraceContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Answers every failure of the chain with a problem document. */
@Component
class ProblemFilter implements EdgeFilter {

    private static final Logger log = LoggerFactory.getLogger(ProblemFilter.class);

    private final JsonMapper json;

    ProblemFilter(JsonMapper json) {
        this.json = json;
    }

    @Override
    public int order() {
        return FilterOrder.PROBLEM;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(exchange).onErrorResume(failure -> answer(exchange, failure));
    }

    private Mono<Void> answer(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            // Too late for a document: the error closes the connection, so that the client sees a cut answer as cut.
            return Mono.error(failure);
        }
        TraceContext trace = TraceContext.of(exchange);
        Refused refused = refusal(failure, trace);
        String instance = refused.isLocated() ? exchange.getRequest().getURI().getRawPath() : null;
        byte[] body = json.writeValueAsBytes(ProblemDocument.of(refused, instance, trace.traceId()));

        // What an upstream or a handler had set belongs to the answer that failed.
        response.getHeaders().clear();
        response.setStatusCode(refused.type().status());
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.getHeaders().setContentLength(body.length);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        refused.headers().forEach(response.getHeaders()::set);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    private Refused refusal(Throwable failure, TraceContext trace) {
        if (failure instanceof Refused refused) {
            return refused;
        }
        if (failure instanceof ResponseStatusException known) {
            int status = known.getStatusCode().value();
            ProblemType type = ProblemType.ofStatus(status);
            if (type == null && known.getStatusCode().is4xxClientError()) {
                type = ProblemType.MALFORMED_REQUEST;
            }
            if (type != null && type != ProblemType.INTERNAL_ERROR) {
                Refused refused = new Refused(type, detail(type), failure);
                known.getHeaders().forEach((name, values) -> refused.with(name, String.join(", ", values)));
                return refused;
            }
        }
        log.error("Unexpected failure, trace {}", trace.traceId(), failure);
        return new Refused(ProblemType.INTERNAL_ERROR, detail(ProblemType.INTERNAL_ERROR), failure);
    }

    private static String detail(ProblemType type) {
        return switch (type) {
            case NOT_FOUND -> "There is nothing at this path.";
            case METHOD_NOT_ALLOWED -> "This method is not supported here.";
            case NOT_ACCEPTABLE -> "No representation fits the Accept header.";
            case UNSUPPORTED_MEDIA_TYPE -> "This content type is not supported here.";
            case INTERNAL_ERROR -> "The gateway failed. Quote the trace id when you report it.";
            default -> type.title() + ".";
        };
    }
}
