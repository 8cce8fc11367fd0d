package dev.gatehouse.gateway.wire;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import dev.gatehouse.gateway.trace.AccessNotes;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses requests whose target or header block is too large or ambiguous, before a route or a rule is chosen. */
@Component
class TargetFilter implements EdgeFilter {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private final WireProperties limits;

    TargetFilter(WireProperties limits) {
        this.limits = limits;
    }

    @Override
    public int order() {
        return FilterOrder.TARGET;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Refused refused = refusal(exchange);
        return refused == null ? chain.filter(exchange) : Mono.error(refused);
    }

    private @Nullable Refused refusal(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String reason = request.getHeaders().getFirst(WireGuard.REFUSAL);
        if (reason != null) {
            String target = request.getHeaders().getFirst(WireGuard.REFUSED_TARGET);
            AccessNotes.path(exchange, target == null ? "-" : target);
            return fromTheWire(ProblemType.ofSlug(reason));
        }
        if (!METHODS.contains(request.getMethod().name())) {
            return methodNotAllowed();
        }
        URI uri = request.getURI();
        if (length(uri) > limits.maxTargetBytes()) {
            return targetTooLong();
        }
        if (headersTooLarge(request.getHeaders())) {
            return headersTooLarge();
        }
        String ambiguity = TargetPath.ambiguity(uri.getRawPath());
        return ambiguity == null ? null : new Refused(ProblemType.MALFORMED_REQUEST, ambiguity);
    }

    private Refused fromTheWire(@Nullable ProblemType type) {
        Refused refused = switch (type) {
            case URI_TOO_LONG -> targetTooLong();
            case HEADERS_TOO_LARGE -> headersTooLarge();
            case METHOD_NOT_ALLOWED -> methodNotAllowed();
            case null, default -> new Refused(ProblemType.MALFORMED_REQUEST, "The request is not what HTTP demands.");
        };
        return refused.withoutInstance();
    }

    private static Refused methodNotAllowed() {
        return new Refused(ProblemType.METHOD_NOT_ALLOWED, "The gateway does not pass this method on.")
                .with(HttpHeaders.ALLOW, ALLOW);
    }

    private Refused targetTooLong() {
        return new Refused(
                        ProblemType.URI_TOO_LONG,
                        "Path and query may have " + limits.maxTargetBytes() + " bytes together.")
                .withoutInstance();
    }

    private Refused headersTooLarge() {
        return new Refused(
                ProblemType.HEADERS_TOO_LARGE,
                "A request may have " + limits.maxHeaders() + " header lines of " + limits.maxHeaderBytes()
                        + " bytes together.");
    }

    private static int length(URI uri) {
        String query = uri.getRawQuery();
        return uri.getRawPath().length() + (query == null ? 0 : query.length() + 1);
    }

    private boolean headersTooLarge(HttpHeaders headers) {
        int lines = 0;
        int bytes = 0;
        for (Map.Entry<String, List<String>> header : headers.headerSet()) {
            for (String value : header.getValue()) {
                lines++;
                bytes += header.getKey().length() + value.length();
            }
        }
        return lines > limits.maxHeaders() || bytes > limits.maxHeaderBytes();
    }
}
