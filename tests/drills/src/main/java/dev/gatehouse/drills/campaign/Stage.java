package dev.gatehouse.drills.campaign;

/** The platforms that drills stand on. */
public enum Stage {
    /** Two billing services, two inventory services, one gateway; a fault proxy on every way between the parts. */
    USUAL,
    /** The same on RabbitMQ, a process that can be killed. */
    RABBITMQ
}
