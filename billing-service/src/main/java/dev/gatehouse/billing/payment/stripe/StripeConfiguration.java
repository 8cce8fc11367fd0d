package dev.gatehouse.billing.payment.stripe;

import com.stripe.StripeClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PaymentProperties.class)
class StripeConfiguration {

    @Bean
    StripePayments stripePayments(PaymentProperties properties) {
        StripeClient client = StripeClient.builder()
                .setApiKey(properties.apiKey())
                .setApiBase(properties.baseUrl().toString())
                .setHttpClient(new StripeTransport(properties.connectTimeout(), properties.readTimeout()))
                // Whoever drives the order retries, with its attempts counted in one place.
                .setMaxNetworkRetries(0)
                .build();
        return new StripePayments(client, properties.clockTolerance());
    }

    @Bean
    StripeEvents stripeEvents(PaymentProperties properties, JsonMapper json) {
        return new StripeEvents(properties.webhookSecrets(), json);
    }
}
