package dev.gatehouse.billing.reconciliation;

/** Some instance compares at this moment; one is enough. */
public class ReconciliationRunning extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReconciliationRunning() {
        super("A reconciliation is under way; its report will be in the list.");
    }
}
