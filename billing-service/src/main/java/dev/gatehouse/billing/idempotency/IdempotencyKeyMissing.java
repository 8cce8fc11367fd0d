package dev.gatehouse.billing.idempotency;

/** The operation has an effect and the request does not say how to recognise its repetition. */
public class IdempotencyKeyMissing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public IdempotencyKeyMissing() {
        super("Send a header such as Idempotency-Key: \"6f1c0f8e-9a55-4d3c-8f0e-3f8a1e8f6b7d\","
                + " new for each order and the same when you repeat it.");
    }
}
