package dev.gatehouse.billing.idempotency;

/** The first request with this key has not ended yet. */
public class IdempotencyKeyInUse extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IdempotencyKeyInUse() {
        super("The first request with this key is still running; repeat this one later.");
    }
}
