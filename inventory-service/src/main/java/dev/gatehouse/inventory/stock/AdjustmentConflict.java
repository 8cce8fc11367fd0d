package dev.gatehouse.inventory.stock;

import java.util.UUID;

/** The adjustment's id was used before, for something else. */
public final class AdjustmentConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AdjustmentConflict(UUID id) {
        super("Adjustment " + id + " was made before with another film, delta or reason", null, false, false);
    }
}
