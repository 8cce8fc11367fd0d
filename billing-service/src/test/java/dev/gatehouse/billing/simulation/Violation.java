package dev.gatehouse.billing.simulation;

/** A promise was broken; ends the history. An error, so that no handler of exceptions hides it. */
public final class Violation extends Error {

    private static final long serialVersionUID = 1L;

    private final String promise;

    /** @param promise its short name, such as I2 */
    public Violation(String promise, String detail) {
        super(promise + ": " + detail);
        this.promise = promise;
    }

    String promise() {
        return promise;
    }
}
