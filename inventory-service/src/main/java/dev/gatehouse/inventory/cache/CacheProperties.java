package dev.gatehouse.inventory.cache;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param ttl how long a value may be served, give or take a tenth; also the longest that a value stays wrong when Redis
 *     lost an invalidation
 * @param retryAfter how long Redis is left alone after it failed three times in a row
 */
@ConfigurationProperties("inventory.cache")
record CacheProperties(
        @DefaultValue("PT5M") Duration ttl,
        @DefaultValue("PT2S") Duration retryAfter) {

    CacheProperties {
        if (ttl.toSeconds() < 1 || retryAfter.toMillis() < 1) {
            throw new IllegalArgumentException("inventory.cache: ttl and retry-after must be positive");
        }
    }
}
