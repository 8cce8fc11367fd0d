package dev.gatehouse.gateway.resilience;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;

/**
 * Refuses to start when the routes in force are not those declared or lead nowhere, or when a gateway setting has a prefix that this
 * version ignores without a word.
 */
@Component
class RouteCheck implements ApplicationRunner {

    private static final String OLD_PREFIX = "spring.cloud.gateway.";
    private static final String PREFIX = GatewayProperties.PREFIX + ".";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final GatewayProperties declared;
    private final RouteLocator inForce;
    private final ConfigurableEnvironment environment;

    RouteCheck(GatewayProperties declared, RouteLocator inForce, ConfigurableEnvironment environment) {
        this.declared = declared;
        this.inForce = inForce;
        this.environment = environment;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        Set<String> ignored = ignoredSettings();
        if (!ignored.isEmpty()) {
            throw new IllegalStateException(
                    "These settings would be ignored, their prefix must be " + PREFIX + "*: " + ignored);
        }
        List<String> expected = declared.getRoutes().stream()
                .map(RouteDefinition::getId)
                .sorted()
                .toList();
        if (expected.isEmpty()) {
            throw new IllegalStateException("No route is declared under " + PREFIX + "routes");
        }
        List<Route> routes =
                inForce.getRoutes().collectList().blockOptional(PATIENCE).orElse(List.of());
        List<String> actual = routes.stream().map(Route::getId).sorted().toList();
        if (!expected.equals(actual)) {
            throw new IllegalStateException("Routes declared " + expected + " but in force " + actual);
        }
        for (Route route : routes) {
            if (route.getUri().getHost() == null || !route.getUri().getRawPath().isEmpty()) {
                throw new IllegalStateException("Route " + route.getId() + ": " + route.getUri()
                        + " is not scheme://host or scheme://host:port");
            }
        }
    }

    private Set<String> ignoredSettings() {
        return environment.getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Set.of(((EnumerablePropertySource<?>) source).getPropertyNames()).stream())
                .filter(name -> name.startsWith(OLD_PREFIX) && !name.startsWith(PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
