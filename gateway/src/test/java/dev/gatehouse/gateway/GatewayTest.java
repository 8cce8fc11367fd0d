package dev.gatehouse.gateway;

import dev.gatehouse.devstack.stores.TestStores;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;

/** The whole gateway on a free port, with recording upstreams and a token issuer; one for all tests of this kind. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = GatewayTest.Surroundings.class)
@Import(FailingFilter.class)
@ExtendWith(GatewayTest.CleanUpstreams.class)
public @interface GatewayTest {

    String ALLOWED_ORIGIN = "https://shop.example";

    Upstream INVENTORY = Upstream.start();
    Upstream BILLING = Upstream.start();

    /** Settings every gateway under test needs. */
    class Surroundings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            // Last, so that a test may name services of its own.
            context.getEnvironment()
                    .getPropertySources()
                    .addLast(new MapPropertySource(
                            "services",
                            Map.of(
                                    "GATEWAY_INVENTORY_URL", INVENTORY.url(),
                                    "GATEWAY_BILLING_URL", BILLING.url())));
            TestPropertyValues.of(
                            "gateway.cors.allowed-origins=" + ALLOWED_ORIGIN + ", http://127.0.0.1:5173",
                            "spring.security.oauth2.resourceserver.jwt.issuer-uri="
                                    + TestStores.issuer().issuerUri(),
                            "management.server.port=0",
                            // Short, so that a test can wait for them.
                            "spring.cloud.gateway.server.webflux.httpclient.response-timeout=800ms",
                            "spring.cloud.gateway.server.webflux.httpclient.pool.max-idle-time=400ms",
                            "spring.cloud.gateway.server.webflux.httpclient.pool.eviction-interval=100ms")
                    .applyTo(context);
        }
    }

    class CleanUpstreams implements BeforeEachCallback {

        @Override
        public void beforeEach(ExtensionContext context) {
            INVENTORY.reset();
            BILLING.reset();
        }
    }
}
