package dev.gatehouse.billing.outbox;

import dev.gatehouse.billing.outbox.OutboxRows.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps tomorrow's partitions ready and yesterday's from piling up, and says how much waits. */
@Component
class OutboxUpkeep {

    private static final Logger log = LoggerFactory.getLogger(OutboxUpkeep.class);

    private final OutboxRows rows;
    private final OutboxProperties properties;
    private volatile Backlog backlog = Backlog.NONE;

    OutboxUpkeep(OutboxRows rows, OutboxProperties properties, MeterRegistry meters) {
        this.rows = rows;
        this.properties = properties;
        Gauge.builder("outbox.unsent", () -> backlog.unsent())
                .description("Messages written and not yet confirmed by the broker")
                .register(meters);
        Gauge.builder("outbox.oldest.age", () -> backlog.oldestSeconds())
                .baseUnit("seconds")
                .description("Age of the oldest message not yet confirmed")
                .register(meters);
        // An instance that was off for a week must not take orders before today has a partition.
        rows.keepPartitions(properties.daysAhead(), properties.daysKept());
    }

    @Scheduled(initialDelayString = "PT1H", fixedDelayString = "PT1H")
    void keepPartitions() {
        try {
            rows.keepPartitions(properties.daysAhead(), properties.daysKept());
        } catch (DataAccessException e) {
            log.warn("Outbox partitions were not kept, next try in an hour: {}", e.toString());
        }
    }

    @Scheduled(fixedDelayString = "PT5S")
    void measure() {
        try {
            backlog = rows.backlog();
        } catch (DataAccessException e) {
            log.warn("The outbox was not measured: {}", e.toString());
        }
    }
}
