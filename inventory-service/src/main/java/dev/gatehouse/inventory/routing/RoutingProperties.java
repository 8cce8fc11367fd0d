package dev.gatehouse.inventory.routing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param readerUrl JDBC address of a replica for read-only transactions; the writer's credentials and limits apply. Absent:
 *     the writer reads, too
 */
@ConfigurationProperties("inventory")
record RoutingProperties(@Nullable String readerUrl) {}
