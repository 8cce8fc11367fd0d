package dev.gatehouse.billing.order;

import java.util.UUID;

/** No message was parked under this id. */
public class ParkedMessageNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ParkedMessageNotFound(UUID id) {
        super("There is no parked message " + id + ".");
    }
}
