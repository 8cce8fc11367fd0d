package dev.gatehouse.inventory;

import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.stores.TestStores;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The stores of the integration tests: the devstack's own, or containers with {@code STORES=containers}. */
@TestConfiguration(proxyBeanMethods = false)
public class Stores {

    public static final String CONTAINERS = "containers";

    /**
     * Addresses that must be known before the context is built. The issuer is the devstack's in both cases: no image of it
     * exists.
     */
    public static final class Addresses implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            ConfigurableEnvironment environment = context.getEnvironment();
            Map<String, Object> addresses = new HashMap<>();
            addresses.put(
                    "spring.security.oauth2.resourceserver.jwt.issuer-uri",
                    TestStores.issuer().issuerUri());
            if (!CONTAINERS.equals(environment.getProperty("stores"))) {
                Database database = TestStores.postgres().database("inventory");
                addresses.put("spring.datasource.url", database.url());
                addresses.put("spring.datasource.username", database.username());
                addresses.put("spring.datasource.password", database.password());
                addresses.put("spring.data.redis.host", TestStores.redis().host());
                addresses.put("spring.data.redis.port", TestStores.redis().port());
            }
            // Last: what a test says itself wins.
            environment.getPropertySources().addLast(new MapPropertySource("test-stores", addresses));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "stores", havingValue = "embedded", matchIfMissing = true)
    static class Embedded {

        @Bean
        RedisOutage redisOutage() {
            return new RedisOutage(
                    () -> TestStores.redis().pause(), () -> TestStores.redis().resume());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "stores", havingValue = CONTAINERS)
    static class Containers {

        // One of each for all contexts of a JVM, as the devstack's stores are; a busy machine needs minutes to start
        // them.
        private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer(
                        image("GATEHOUSE_POSTGRES_IMAGE", "postgres:17.6", "postgres"))
                .withStartupTimeout(Duration.ofMinutes(3));
        private static final GenericContainer<?> REDIS = new GenericContainer<>(
                        image("GATEHOUSE_REDIS_IMAGE", "valkey/valkey:8.1.4", "redis"))
                .withExposedPorts(6379)
                .withStartupTimeout(Duration.ofMinutes(3));

        @Bean
        @ServiceConnection
        PostgreSQLContainer postgres() {
            return POSTGRES;
        }

        @Bean
        @ServiceConnection(name = "redis")
        GenericContainer<?> redis() {
            return REDIS;
        }

        @Bean
        RedisOutage redisOutage(GenericContainer<?> redis) {
            return new RedisOutage(
                    () -> redis.getDockerClient()
                            .pauseContainerCmd(redis.getContainerId())
                            .exec(),
                    () -> redis.getDockerClient()
                            .unpauseContainerCmd(redis.getContainerId())
                            .exec());
        }

        private static DockerImageName image(String variable, String fallback, String substituted) {
            return DockerImageName.parse(
                            Optional.ofNullable(System.getenv(variable)).orElse(fallback))
                    .asCompatibleSubstituteFor(substituted);
        }
    }

    /** Makes Redis hang and go on, wherever it runs. */
    public record RedisOutage(Runnable begin, Runnable end) {}
}
