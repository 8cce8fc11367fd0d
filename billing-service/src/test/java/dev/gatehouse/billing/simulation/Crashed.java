package dev.gatehouse.billing.simulation;

/** Ends a thread of an instance that was killed. An error, so that no handler of exceptions outlives its process. */
final class Crashed extends Error {

    private static final long serialVersionUID = 1L;

    Crashed() {
        super("The instance was killed", null, false, false);
    }
}
