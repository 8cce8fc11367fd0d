package dev.gatehouse.devstack.faults;

/** Which way bytes go through a proxy. */
public enum Direction {
    /** From the caller to the server. */
    UPSTREAM,
    /** From the server to the caller. */
    DOWNSTREAM
}
