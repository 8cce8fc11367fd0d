package dev.gatehouse.inventory.catalogue.imports;

/**
 * An import ended early: the body turned out too long ({@link dev.gatehouse.inventory.input.PayloadTooLarge}) or the database
 * failed. What the report counts as created or updated stays.
 */
public final class ImportInterrupted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ImportReport report;

    ImportInterrupted(ImportReport report, Exception cause) {
        super(cause.getMessage(), cause);
        this.report = report;
    }

    public ImportReport report() {
        return report;
    }
}
