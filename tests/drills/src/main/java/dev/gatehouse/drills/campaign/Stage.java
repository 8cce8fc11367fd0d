package dev.gatehouse.drills.campaign;

/** The platforms that drills stand on: two copies of each service and a fault proxy on every way between the parts. */
public enum Stage {
    /** With the bundled broker, in a process of its own. */
    USUAL,
    /** The same, with an agent in the billing services that ends them where it is told. */
    POINTS,
    /** The same, with PostgreSQL's data on a small disk; for root alone. */
    SMALL_DISK,
    /** The same, for drills after which another server has PostgreSQL's data; each gets its own platform. */
    STANDBY,
    /** With RabbitMQ. */
    RABBITMQ,
    /** With billing services that lack a safeguard; each drill gets its own platform. */
    MUTANT
}
