package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.order.OrderProperties;
import dev.gatehouse.billing.order.TooBusy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Lets a few requests at a time to the database. Virtual threads cost nothing, so without this any number of callers
 * would queue for the pool's connections
 * and all of them would time out; with it the surplus is told to come back, at once.
 */
@Component
class RequestBulkhead {

    private final Semaphore permits;
    private final OrderProperties properties;

    RequestBulkhead(OrderProperties properties) {
        this.permits = new Semaphore(properties.maxRequests(), true);
        this.properties = properties;
    }

    /** @throws TooBusy when it is nobody's turn to end within the time a request waits */
    <T> T call(Supplier<T> work) {
        try {
            if (!permits.tryAcquire(properties.maxWait().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TooBusy("More orders are asked about at once than can be answered.");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TooBusy("The service is stopping.");
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }
}
