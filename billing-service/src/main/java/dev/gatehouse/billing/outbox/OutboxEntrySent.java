package dev.gatehouse.billing.outbox;

import java.util.UUID;

/** The broker has the message. */
public class OutboxEntrySent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutboxEntrySent(UUID id) {
        super("Message " + id + " was confirmed by the broker already.");
    }
}
