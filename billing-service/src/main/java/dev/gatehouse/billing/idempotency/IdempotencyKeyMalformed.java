package dev.gatehouse.billing.idempotency;

/** The header is not one string as RFC 8941 writes it, or is too long. */
public class IdempotencyKeyMalformed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IdempotencyKeyMalformed(String detail) {
        super(detail);
    }
}
