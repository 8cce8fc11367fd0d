package dev.gatehouse.billing.outbox;

import org.springframework.boot.amqp.autoconfigure.RabbitTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OutboxConfiguration {

    /** Returned messages are seen with their confirms; without a callback each would also be logged as a mistake. */
    @Bean
    RabbitTemplateCustomizer returnsComeWithConfirms() {
        return template -> template.setReturnsCallback(returned -> {});
    }
}
