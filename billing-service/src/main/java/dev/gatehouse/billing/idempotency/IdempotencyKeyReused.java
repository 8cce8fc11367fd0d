package dev.gatehouse.billing.idempotency;

/** The key already stands for a different request. */
public class IdempotencyKeyReused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IdempotencyKeyReused() {
        super("This key belongs to an earlier request with other content; use a new key for a new order.");
    }
}
