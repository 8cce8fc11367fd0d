package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message broker that speaks AMQP 0-9-1. */
public interface AmqpBroker extends AutoCloseable {

    /** One word for people: "embedded", "process", "rabbitmq" or "external". */
    String kind();

    String host();

    int port();

    String username();

    String password();

    String virtualHost();

    /** The operating system's id of the process it runs in: this JVM's for the embedded one; empty if it does not run here. */
    Optional<Long> pid();

    /** Ends the broker in order; durable queues and persistent messages stay. */
    void stop();

    /**
     * Starts the broker on the same port with what it had stored, and waits until it accepts connections; does nothing
     * if it runs.
     *
     * @throws CannotStart in one line
     */
    void start();

    /**
     * SIGKILL: a crash, the end of everything the broker had not on its disk.
     *
     * @throws IllegalStateException if it does not run, or not in a process of its own
     */
    void kill();

    /**
     * SIGSTOP: connections stay open, nothing is answered.
     *
     * @throws IllegalStateException if it does not run, or not in a process of its own
     */
    void pause();

    /**
     * SIGCONT.
     *
     * @throws IllegalStateException if it does not run, or not in a process of its own
     */
    void resume();

    /** Lets go of the broker: stops it if it is ours. */
    @Override
    void close();

    /**
     * The broker that the BROKER switch names, not yet started.
     *
     * @param word {@code embedded} (also absent or empty), {@code process} (the embedded one in a process of its own),
     *     {@code rabbitmq} or an {@code amqp://} address
     * @param log where a broker in a process of its own writes
     * @throws CannotStart if it is none of these, or RabbitMQ is not installed
     */
    static AmqpBroker of(@Nullable String word, Path folder, int port, String password, Path log) {
        if (word == null || word.isEmpty() || word.equals("embedded")) {
            return EmbeddedBroker.in(folder.resolve("embedded"), port, password);
        }
        if (word.equals("process")) {
            return BrokerProcess.in(folder.resolve("embedded"), port, password, log);
        }
        if (word.equals("rabbitmq")) {
            return RabbitmqBroker.in(folder.resolve("rabbitmq"), port, password, log);
        }
        if (word.startsWith("amqp://")) {
            return ExternalBroker.at(word);
        }
        throw new CannotStart(
                "BROKER=" + word + " is not known: use embedded, process, rabbitmq or an amqp:// address.");
    }
}
