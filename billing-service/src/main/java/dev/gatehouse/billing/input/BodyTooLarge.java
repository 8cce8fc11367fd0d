package dev.gatehouse.billing.input;

import org.springframework.util.unit.DataSize;

/** A request body beyond the limit; it was not read to its end. */
public class BodyTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient DataSize limit;

    public BodyTooLarge(DataSize limit) {
        super("The body exceeds " + limit.toBytes() + " bytes");
        this.limit = limit;
    }

    public DataSize limit() {
        return limit;
    }
}
