package dev.gatehouse.gateway.identity;

import dev.gatehouse.gateway.EdgeFilter;
import dev.gatehouse.gateway.FilterOrder;
import dev.gatehouse.gateway.trace.AccessNotes;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Notes on the exchange who the validated token speaks for. */
@Component
class CallerFilter implements EdgeFilter {

    private static final String ATTRIBUTE = CallerFilter.class.getName();
    private static final String SCOPE = "SCOPE_";

    @Override
    public int order() {
        return FilterOrder.CALLER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return ReactiveSecurityContextHolder.getContext()
                .mapNotNull(context -> context.getAuthentication())
                .ofType(JwtAuthenticationToken.class)
                .doOnNext(token -> note(exchange, token))
                .then(Mono.defer(() -> chain.filter(exchange)));
    }

    private static void note(ServerWebExchange exchange, JwtAuthenticationToken token) {
        String scopes = token.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(authority -> authority != null && authority.startsWith(SCOPE))
                .map(authority -> authority.substring(SCOPE.length()))
                .sorted()
                .collect(Collectors.joining(" "));
        exchange.getAttributes().put(ATTRIBUTE, new Caller(token.getName(), scopes));
        AccessNotes.subject(exchange, token.getName());
    }

    static @Nullable Caller caller(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    static boolean isAuthenticated(ServerWebExchange exchange) {
        return caller(exchange) != null;
    }

    /**
     * Who calls.
     *
     * @param subject the token's sub claim
     * @param scopes sorted, separated by spaces
     */
    record Caller(String subject, String scopes) {}
}
