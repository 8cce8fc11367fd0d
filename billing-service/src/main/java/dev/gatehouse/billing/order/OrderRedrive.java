package dev.gatehouse.billing.order;

import dev.gatehouse.billing.order.OrderSteps.Due;
import dev.gatehouse.billing.trace.Trace;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Drives steps that no message drives: due retries, the work of killed workers, and messages that the broker lost. */
@Component
class OrderRedrive {

    private static final Logger log = LoggerFactory.getLogger(OrderRedrive.class);

    private final OrderSteps steps;
    private final OrderWorker worker;
    private final int concurrency;
    private final Semaphore permits;
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();

    OrderRedrive(OrderSteps steps, OrderWorker worker, OrderProperties properties) {
        this.steps = steps;
        this.worker = worker;
        this.concurrency = properties.concurrency();
        this.permits = new Semaphore(concurrency);
    }

    @Scheduled(fixedDelayString = "PT0.25S")
    void drive() throws InterruptedException {
        try {
            for (Due due : steps.due(4 * concurrency)) {
                if (running.add(due.orderId())) {
                    permits.acquire();
                    begin(() -> drive(due));
                }
            }
        } catch (DataAccessException away) {
            log.warn("Due orders cannot be read at the moment: {}", away.toString());
        }
    }

    /** Runs the work beside the poller. */
    void begin(Runnable work) {
        Thread.ofVirtual().name("order-redrive").start(work);
    }

    private void drive(Due due) {
        try (var scope = Trace.continued(null).enter()) {
            worker.advance(due.orderId(), due.version());
        } catch (RuntimeException failed) {
            log.warn("Order {} is taken up again later: {}", due.orderId(), failed.toString());
        } finally {
            running.remove(due.orderId());
            permits.release();
        }
    }
}
