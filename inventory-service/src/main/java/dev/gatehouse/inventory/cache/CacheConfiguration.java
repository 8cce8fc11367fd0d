package dev.gatehouse.inventory.cache;

import io.lettuce.core.ClientOptions;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
class CacheConfiguration {

    /** The number is the shape of the body: values that another version wrote are not ours. */
    @Bean
    VersionedCache filmCache(StringRedisTemplate redis, CacheProperties properties, MeterRegistry meters) {
        return new VersionedCache(
                "film:1", redis, properties.ttl(), new Breaker(properties.retryAfter(), System::nanoTime), meters);
    }

    /** Lettuce would otherwise queue commands without bound while it is disconnected, and wait a minute for each. */
    @Bean
    LettuceClientOptionsBuilderCustomizer refuseWhenDisconnected() {
        return options -> options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(2_000)
                .socketOptions(options.build()
                        .getSocketOptions()
                        .mutate()
                        .keepAlive(true)
                        .build());
    }
}
