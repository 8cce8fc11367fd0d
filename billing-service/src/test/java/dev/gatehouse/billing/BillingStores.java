package dev.gatehouse.billing;

import dev.gatehouse.devstack.payments.PaymentProviderSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import dev.gatehouse.devstack.stores.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** What billing's integration tests stand on: the devstack's stores, or containers with {@code STORES=containers}. */
@TestConfiguration(proxyBeanMethods = false)
public class BillingStores {

    /** The older of the two secrets that webhooks may be signed with. */
    public static final String RETIRING_SECRET = "whsec_retiring";

    private static final boolean CONTAINERS = "containers".equals(System.getenv("STORES"));

    @Bean(destroyMethod = "")
    InventoryStub inventory() {
        return Outside.INVENTORY;
    }

    @Bean(destroyMethod = "")
    PaymentProviderSimulator paymentProvider() {
        return Outside.PAYMENTS;
    }

    /** What is beyond this service: started once per JVM like the stores. */
    private static final class Outside {
        static final InventoryStub INVENTORY = InventoryStub.start();
        static final PaymentProviderSimulator PAYMENTS =
                PaymentProviderSimulator.start(PaymentProviderSettings.in(temporaryFolder()));

        private static Path temporaryFolder() {
            try {
                Path folder = Files.createTempDirectory("gatehouse-payments-");
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(folder.toFile())));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Addresses are needed before the first bean: whether there is a token decoder depends on them. */
    public static class Addresses implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            Map<String, String> properties = new LinkedHashMap<>();
            var issuer = TestStores.issuer();
            properties.put("spring.security.oauth2.resourceserver.jwt.issuer-uri", issuer.issuerUri());
            properties.put("spring.security.oauth2.client.provider.platform.token-uri", issuer.tokenUri());
            properties.put("spring.security.oauth2.client.registration.inventory.client-id", "billing-service");
            properties.put("spring.security.oauth2.client.registration.inventory.client-secret", "test");
            properties.put("billing.inventory.base-url", Outside.INVENTORY.baseUrl());
            properties.put("billing.payment.base-url", Outside.PAYMENTS.baseUrl());
            properties.put("billing.payment.api-key", Outside.PAYMENTS.apiKey());
            // As while one secret replaces another.
            properties.put("billing.payment.webhook-secrets", RETIRING_SECRET + "," + Outside.PAYMENTS.webhookSecret());
            // Shorter than in production: tests wait for it to pass.
            properties.put("billing.payment.read-timeout", "3s");
            if (!CONTAINERS) {
                addStores(properties);
            }
            TestPropertyValues.of(properties).applyTo(context);
        }

        private static void addStores(Map<String, String> properties) {
            var database = TestStores.postgres().database("billing");
            properties.put("spring.datasource.url", database.url());
            properties.put("spring.datasource.username", database.username());
            properties.put("spring.datasource.password", database.password());
            var redis = TestStores.redis();
            properties.put("spring.data.redis.host", redis.host());
            properties.put("spring.data.redis.port", String.valueOf(redis.port()));
            var broker = TestStores.broker();
            properties.put("spring.rabbitmq.host", broker.host());
            properties.put("spring.rabbitmq.port", String.valueOf(broker.port()));
            properties.put("spring.rabbitmq.username", broker.username());
            properties.put("spring.rabbitmq.password", broker.password());
            properties.put("spring.rabbitmq.virtual-host", broker.virtualHost());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("'${STORES:embedded}' == 'containers'")
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
        private static final RabbitMQContainer BROKER = new RabbitMQContainer(
                        image("GATEHOUSE_RABBITMQ_IMAGE", "rabbitmq:4.1.4", "rabbitmq"))
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
        @ServiceConnection
        RabbitMQContainer broker() {
            return BROKER;
        }

        private static DockerImageName image(String variable, String standard, String substituteFor) {
            return DockerImageName.parse(System.getenv().getOrDefault(variable, standard))
                    .asCompatibleSubstituteFor(substituteFor);
        }
    }
}
