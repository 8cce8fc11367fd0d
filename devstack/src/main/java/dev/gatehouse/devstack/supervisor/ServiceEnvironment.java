package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.stores.AmqpBroker;
import dev.gatehouse.devstack.stores.Database;
import java.util.LinkedHashMap;
import java.util.Map;

/** What each service is told through its environment; the same variables a deployment sets. */
final class ServiceEnvironment {

    private ServiceEnvironment() {}

    static Map<String, String> of(
            Platform platform,
            PlatformSettings settings,
            Credentials credentials,
            Service service,
            int port,
            int managementPort) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        environment.put("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1");
        environment.put("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI", platform.issuerUrl());
        if (service == Service.GATEWAY) {
            environment.put("GATEWAY_INVENTORY_URL", platform.reach(Link.GATEWAY_INVENTORY));
            environment.put("GATEWAY_BILLING_URL", platform.reach(Link.GATEWAY_BILLING));
            environment.put("GATEWAY_CORS_ALLOWED_ORIGINS", String.join(",", settings.allowedOrigins()));
            environment.put("GATEWAY_ISSUER_URL", platform.issuerUrl());
            environment.put("GATEWAY_OAUTH_CLIENT_ID", "swagger-ui");
        } else {
            environment.put("GATEHOUSE_OPENAPI_AUTHORIZATION_URL", platform.issuerUrl() + "/oauth2/authorize");
            environment.put("GATEHOUSE_OPENAPI_TOKEN_URL", platform.issuerUrl() + "/oauth2/token");
            stores(environment, platform, credentials, service);
        }
        if (service == Service.INVENTORY) {
            environment.put("SPRING_FLYWAY_LOCATIONS", "classpath:db/migration,classpath:db/seed");
        }
        if (service == Service.BILLING) {
            billing(environment, platform, credentials);
        }
        environment.putAll(settings.environment().getOrDefault(service, Map.of()));
        return environment;
    }

    private static void stores(
            Map<String, String> environment, Platform platform, Credentials credentials, Service service) {
        boolean billing = service == Service.BILLING;
        Database database = platform.database(service)
                .through(platform.portOf(billing ? Link.BILLING_POSTGRES : Link.INVENTORY_POSTGRES));
        environment.put("SPRING_DATASOURCE_URL", database.url());
        environment.put("SPRING_DATASOURCE_USERNAME", database.username());
        environment.put("SPRING_DATASOURCE_PASSWORD", database.password());
        environment.put("SPRING_DATA_REDIS_HOST", platform.redis().host());
        environment.put(
                "SPRING_DATA_REDIS_PORT",
                Integer.toString(platform.portOf(billing ? Link.BILLING_REDIS : Link.INVENTORY_REDIS)));
        environment.put("SPRING_DATA_REDIS_PASSWORD", credentials.of("redis"));
    }

    private static void billing(Map<String, String> environment, Platform platform, Credentials credentials) {
        AmqpBroker broker = platform.broker();
        environment.put("SPRING_RABBITMQ_HOST", broker.host());
        environment.put("SPRING_RABBITMQ_PORT", Integer.toString(platform.portOf(Link.BILLING_BROKER)));
        environment.put("SPRING_RABBITMQ_USERNAME", broker.username());
        environment.put("SPRING_RABBITMQ_PASSWORD", broker.password());
        environment.put("SPRING_RABBITMQ_VIRTUAL_HOST", broker.virtualHost());
        environment.put("BILLING_INVENTORY_BASE_URL", platform.reach(Link.BILLING_INVENTORY));
        environment.put("BILLING_PAYMENT_BASE_URL", platform.reach(Link.BILLING_PAYMENTS));
        environment.put("BILLING_PAYMENT_API_KEY", credentials.of("payment.api-key", "sk_test_"));
        environment.put("BILLING_PAYMENT_WEBHOOK_SECRETS", credentials.of("payment.webhook-secret", "whsec_"));
        environment.put("SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_INVENTORY_CLIENT_ID", "billing-service");
        environment.put(
                "SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_INVENTORY_CLIENT_SECRET",
                credentials.of(Tokens.secretOf("billing-service")));
        environment.put(
                "SPRING_SECURITY_OAUTH2_CLIENT_PROVIDER_PLATFORM_TOKEN_URI", platform.issuerUrl() + "/oauth2/token");
    }
}
