package dev.gatehouse.billing.reconciliation;

import java.util.UUID;

/** Something that was to be compared with did not answer, so nothing can be said; the report says what. */
public class ReconciliationFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReconciliationFailed(UUID id, Throwable cause) {
        super("Reconciliation " + id + " could not compare everything.", cause);
    }
}
