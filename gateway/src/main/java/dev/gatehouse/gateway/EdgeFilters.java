package dev.gatehouse.gateway;

import java.util.Comparator;
import java.util.List;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

/** Puts the edge filters among the framework's, on the public port alone. */
@Component
class EdgeFilters implements WebHttpHandlerBuilderCustomizer {

    private final List<EdgeFilter> filters;

    EdgeFilters(List<EdgeFilter> filters) {
        this.filters = filters.stream()
                .sorted(Comparator.comparingInt(EdgeFilter::order))
                .toList();
    }

    @Override
    public void customize(WebHttpHandlerBuilder builder) {
        builder.filters(all -> {
            filters.forEach(filter -> all.add(new Positioned(filter)));
            all.sort(AnnotationAwareOrderComparator.INSTANCE);
        });
    }

    private record Positioned(EdgeFilter filter) implements WebFilter, Ordered {

        @Override
        public int getOrder() {
            return filter.order();
        }

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            return filter.filter(exchange, chain);
        }
    }
}
