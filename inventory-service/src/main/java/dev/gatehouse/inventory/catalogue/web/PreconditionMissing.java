package dev.gatehouse.inventory.catalogue.web;

/** A change without {@code If-Match} could overwrite what its sender never saw (RFC 6585, section 3). */
public final class PreconditionMissing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PreconditionMissing() {
        super("If-Match is absent", null, false, false);
    }
}
