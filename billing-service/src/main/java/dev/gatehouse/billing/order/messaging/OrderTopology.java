package dev.gatehouse.billing.order.messaging;

import java.util.UUID;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What must exist at the broker, declared at each connection. No arguments: brokers disagree about them. */
@Configuration(proxyBeanMethods = false)
class OrderTopology {

    static final String EXCHANGE = "gatehouse.orders";
    static final String STEPS = "billing.order-steps";

    @Bean
    TopicExchange ordersExchange() {
        return new TopicExchange(EXCHANGE, true, false);
    }

    @Bean
    Queue orderStepsQueue() {
        return QueueBuilder.durable(STEPS).build();
    }

    @Bean
    Binding orderStepsBinding(Queue orderStepsQueue, TopicExchange ordersExchange) {
        return BindingBuilder.bind(orderStepsQueue).to(ordersExchange).with("order.#");
    }

    /**
     * This instance's own copy of the news, gone with its connection. Not Spring's anonymous queue: that one has
     * arguments.
     */
    @Bean
    Queue orderNewsQueue() {
        return QueueBuilder.nonDurable("billing.order-news." + UUID.randomUUID())
                .exclusive()
                .autoDelete()
                .build();
    }

    @Bean
    Binding orderNewsBinding(Queue orderNewsQueue, TopicExchange ordersExchange) {
        return BindingBuilder.bind(orderNewsQueue).to(ordersExchange).with("order.#");
    }
}
