package dev.gatehouse.gateway.cors;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Decides CORS for every response of the gateway, its own errors included, in one place. What an upstream says about
 * CORS is dropped.
 */
@Component
class CorsFilter implements EdgeFilter {

    private static final String PROTOCOL_PREFIX = "access-control-";
    private static final List<String> VARY = List.of(HttpHeaders.ORIGIN);
    private static final List<String> VARY_PREFLIGHT = List.of(
            HttpHeaders.ORIGIN, HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);

    private final CorsPolicy policy;

    CorsFilter(CorsProperties properties) {
        this.policy = new CorsPolicy(properties);
    }

    @Override
    public int order() {
        return FilterOrder.CORS;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders request = exchange.getRequest().getHeaders();
        List<String> origins = request.getOrEmpty(HttpHeaders.ORIGIN);
        List<String> methods = request.getOrEmpty(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        boolean allowed = policy.allows(origins);
        boolean preflight =
                exchange.getRequest().getMethod() == HttpMethod.OPTIONS && !origins.isEmpty() && !methods.isEmpty();
        if (preflight) {
            String complaint = allowed
                    ? policy.preflightComplaint(methods, request.getOrEmpty(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS))
                    : "The CORS policy does not allow this origin.";
            return complaint == null ? answer(exchange, origins.getFirst()) : refuse(exchange, complaint);
        }
        decorate(exchange, allowed ? origins.getFirst() : null, false);
        if (!allowed && !origins.isEmpty() && !isOwnOrigin(exchange.getRequest(), origins)) {
            // The page could not read the answer; what it asks for is not done either.
            return Mono.error(new Refused(ProblemType.FORBIDDEN, "The CORS policy does not allow this origin."));
        }
        return chain.filter(exchange);
    }

    private Mono<Void> answer(ServerWebExchange exchange, String origin) {
        decorate(exchange, origin, true);
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        return exchange.getResponse().setComplete();
    }

    private Mono<Void> refuse(ServerWebExchange exchange, String complaint) {
        // No Access-Control header at all: a failed preflight grants nothing.
        decorate(exchange, null, true);
        return Mono.error(new Refused(ProblemType.FORBIDDEN, complaint));
    }

    private void decorate(ServerWebExchange exchange, @Nullable String origin, boolean preflight) {
        exchange.getResponse().beforeCommit(() -> {
            HttpHeaders response = exchange.getResponse().getHeaders();
            List<String> foreign = response.headerNames().stream()
                    .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(PROTOCOL_PREFIX))
                    .toList();
            foreign.forEach(response::remove);
            mergeVary(response, preflight ? VARY_PREFLIGHT : VARY);
            if (origin != null) {
                response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                if (preflight) {
                    policy.writePreflight(response);
                } else {
                    policy.writeExposed(response);
                }
            }
            return Mono.empty();
        });
    }

    /** One Vary line, each name once; a star says it all already. */
    private static void mergeVary(HttpHeaders response, List<String> own) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String line : response.getOrEmpty(HttpHeaders.VARY)) {
            for (String element : line.split(",", -1)) {
                String name = element.strip();
                if (!name.isEmpty()) {
                    names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
                }
            }
        }
        for (String name : own) {
            names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
        }
        response.set(HttpHeaders.VARY, names.containsKey("*") ? "*" : String.join(", ", names.values()));
    }

    /**
     * A page of the gateway's own host, for example Swagger UI. The scheme is not compared: behind a load balancer that
     * ends TLS the gateway sees http where the browser sees https, and no CORS header is granted either way.
     */
    private static boolean isOwnOrigin(ServerHttpRequest request, List<String> origins) {
        String origin = origins.size() == 1 ? origins.getFirst() : "";
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        if (host == null) {
            return false;
        }
        for (String scheme : List.of("http", "https")) {
            String ownPort = scheme.equals("http") ? ":80" : ":443";
            String authority = host.endsWith(ownPort) ? host.substring(0, host.length() - ownPort.length()) : host;
            if (origin.equals(scheme + "://" + authority.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }
}
