package dev.gatehouse.drills.campaign;

/** The platforms that drills stand on: two copies of each service and a fault proxy on every way between the parts. */
public enum Stage {
    /** With the bundled broker, in a process of its own. */
    USUAL(Need.NOTHING),
    /** The same, with an agent in the billing services that ends them where it is told. */
    POINTS(Need.NOTHING),
    /** The same, with PostgreSQL's data on a small disk; for root alone. */
    SMALL_DISK(Need.SMALL_DISK),
    /** The same, for drills after which another server has PostgreSQL's data; each gets its own platform. */
    STANDBY(Need.NOTHING),
    /** With RabbitMQ. */
    RABBITMQ(Need.RABBITMQ),
    /** With billing services that lack a safeguard; each drill gets its own platform. */
    MUTANT(Need.NOTHING);

    private final Need need;

    Stage(Need need) {
        this.need = need;
    }

    /** What its platform wants of the machine. */
    Need need() {
        return need;
    }
}
