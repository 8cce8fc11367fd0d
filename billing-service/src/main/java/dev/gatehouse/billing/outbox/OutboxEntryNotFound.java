package dev.gatehouse.billing.outbox;

import java.util.UUID;

/** The outbox holds no message of this id; sent ones are dropped after some days. */
public class OutboxEntryNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutboxEntryNotFound(UUID id) {
        super("The outbox holds no message " + id + ".");
    }
}
