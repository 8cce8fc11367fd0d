package dev.gatehouse.billing.simulation;

/** One process of the service: what dies, pauses and starts together. */
final class Instance {

    final String name;
    boolean alive = true;
    long pausedUntil;
    /** Steps that are being run here, so that their leases are renewed. */
    int busy;

    Instance(String name) {
        this.name = name;
    }
}
