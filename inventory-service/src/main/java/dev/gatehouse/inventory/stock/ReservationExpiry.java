package dev.gatehouse.inventory.stock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Gives back what nobody decided on in time. Runs on every instance: each takes what the others have not locked. */
@Component
class ReservationExpiry {

    private static final Logger log = LoggerFactory.getLogger(ReservationExpiry.class);

    private final ReservationService reservations;

    ReservationExpiry(ReservationService reservations) {
        this.reservations = reservations;
    }

    /** One transaction each: locks of several orders at once could meet another request's in the wrong order. */
    @Scheduled(fixedDelayString = "${inventory.reservations.expiry-interval:PT5S}")
    void run() {
        try {
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                more = reservations.expireOne();
            }
        } catch (DataAccessException | TransactionException e) {
            // The next round finds them again.
            log.warn("expiry interrupted: {}", e.toString());
        }
    }
}
