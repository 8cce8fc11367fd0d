package dev.gatehouse.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.stereotype.Component;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

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
            // Not sorted together: the order of Spring Security's filter is written on the method that makes it, where
            // a comparator of instances does not look.
            all.addAll(afterSecurity(all), adapted(filter -> filter.order() > FilterOrder.SECURITY));
            all.addAll(0, adapted(filter -> filter.order() < FilterOrder.SECURITY));
        });
    }

    private List<WebFilter> adapted(Predicate<EdgeFilter> which) {
        return filters.stream()
                .filter(which)
                .map(filter -> (WebFilter) filter::filter)
                .toList();
    }

    private static int afterSecurity(List<WebFilter> all) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof WebFilterChainProxy) {
                return i + 1;
            }
        }
        throw new IllegalStateException("The security filter is missing");
    }
}
