package dev.gatehouse.inventory;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** The whole service on real stores, over HTTP; one context for all tests that say no more than this. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "server.address=127.0.0.1",
            "management.server.address=127.0.0.1",
            "gatehouse.openapi.authorization-url=https://issuer.example/oauth2/authorize",
            "gatehouse.openapi.token-url=https://issuer.example/oauth2/token"
        })
@ContextConfiguration(initializers = Stores.Addresses.class)
@Import({Stores.class, Caller.class})
public @interface IntegrationTest {}
