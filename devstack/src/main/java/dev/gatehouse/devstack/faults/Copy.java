package dev.gatehouse.devstack.faults;

/** One running copy of a service, as an address that has several sees it. */
public interface Copy {

    /** Its loopback port. */
    int port();

    /** Whether its process runs. */
    boolean alive();

    /** Whether its readiness probe succeeds now; may take seconds to say so. */
    boolean ready();
}
