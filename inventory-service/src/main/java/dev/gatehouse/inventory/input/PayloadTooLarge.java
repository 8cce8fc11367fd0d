package dev.gatehouse.inventory.input;

import java.io.IOException;

/** The body is longer than this operation takes. An I/O error, because it is found while reading. */
public final class PayloadTooLarge extends IOException {

    private static final long serialVersionUID = 1L;

    private final long maxBytes;

    public PayloadTooLarge(long maxBytes) {
        super("The body is longer than " + maxBytes + " bytes");
        this.maxBytes = maxBytes;
    }

    public long maxBytes() {
        return maxBytes;
    }
}
