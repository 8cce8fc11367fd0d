package dev.gatehouse.billing.reconciliation;

import java.util.UUID;

/** There is no such report, or no longer. */
public class ReconciliationNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReconciliationNotFound(UUID id) {
        super("There is no reconciliation " + id);
    }
}
