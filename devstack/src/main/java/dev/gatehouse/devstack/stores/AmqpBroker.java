package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A message broker that speaks AMQP 0-9-1. */
public interface AmqpBroker extends AutoCloseable {

    /** One word for people: "embedded", "rabbitmq" or "external". */
    String kind();

    String host();

    int port();

    String username();

    String password();

    String virtualHost();

    /** Ends the broker in order; durable queues and persistent messages stay. */
    void stop();

    /**
     * Starts the broker on the same port with what it had stored, and waits until it accepts connections; does nothing
     * if it runs.
     *
     * @throws CannotStart in one line
     */
    void start();

    /** Lets go of the broker: stops it if it is ours. */
    @Override
    void close();

    /**
     * The broker that the BROKER switch names, not yet started.
     *
     * @param word {@code embedded} (also absent or empty), {@code rabbitmq} or an {@code amqp://} address
     * @throws CannotStart if it is none of these, or RabbitMQ is not installed
     */
    static AmqpBroker of(@Nullable String word, Path folder, int port, String password) {
        if (word == null || word.isEmpty() || word.equals("embedded")) {
            return EmbeddedBroker.in(folder.resolve("embedded"), port, password);
        }
        if (word.equals("rabbitmq")) {
            return RabbitmqBroker.in(folder.resolve("rabbitmq"), port, password);
        }
        if (word.startsWith("amqp://")) {
            return ExternalBroker.at(word);
        }
        throw new CannotStart("BROKER=" + word + " is not known: use embedded, rabbitmq or an amqp:// address.");
    }
}
