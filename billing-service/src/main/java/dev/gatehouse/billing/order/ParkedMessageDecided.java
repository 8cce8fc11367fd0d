package dev.gatehouse.billing.order;

import java.util.Locale;
import java.util.UUID;

/** It was decided before what becomes of the message. */
public class ParkedMessageDecided extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ParkedMessageDecided(UUID id, ParkedMessage.State state) {
        super("Message " + id + " is " + state.name().toLowerCase(Locale.ROOT) + " already.");
    }
}
