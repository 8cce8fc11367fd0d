package dev.gatehouse.inventory.routing;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {

    /** Bound by hand and late: a post-processor is made before the beans that bind properties are. */
    @Bean
    static ReaderRouting readerRouting(Environment environment) {
        return new ReaderRouting(() -> Binder.get(environment)
                .bind("inventory", RoutingProperties.class)
                .orElseGet(() -> new RoutingProperties(null)));
    }
}
