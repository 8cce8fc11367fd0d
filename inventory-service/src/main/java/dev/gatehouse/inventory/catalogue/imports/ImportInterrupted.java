package dev.gatehouse.inventory.catalogue.imports;

import dev.gatehouse.inventory.input.PayloadTooLarge;

/** The body turned out longer than an import may be. What the report counts as created or updated stays. */
public final class ImportInterrupted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ImportReport report;
    private final long maxBytes;

    ImportInterrupted(ImportReport report, PayloadTooLarge cause) {
        super(cause.getMessage(), cause);
        this.report = report;
        this.maxBytes = cause.maxBytes();
    }

    public ImportReport report() {
        return report;
    }

    public long maxBytes() {
        return maxBytes;
    }
}
