package dev.gatehouse.billing.order.messaging;

import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How soon a broker that was away is used again; the frameworks' own times would leave orders waiting for 15 s. */
@Configuration(proxyBeanMethods = false)
class BrokerRecovery {

    private static final int RETRY_MILLIS = 1_000;
    private static final int HANDSHAKE_MILLIS = 2_000;

    /** Instead of 5 s between two attempts of a listener. */
    @Bean
    ContainerCustomizer<SimpleMessageListenerContainer> soonAgain() {
        return container -> container.setRecoveryInterval(RETRY_MILLIS);
    }

    /** Instead of 10 s, in which a broker that is still starting accepts a connection and says nothing. */
    @Bean
    ConnectionFactoryCustomizer impatientHandshake() {
        return factory -> factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
    }
}
