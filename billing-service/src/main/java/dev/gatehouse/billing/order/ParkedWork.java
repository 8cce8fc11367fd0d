package dev.gatehouse.billing.order;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Says how much waits for an operator's decision, and for how long. */
@Component
class ParkedWork {

    private static final Logger log = LoggerFactory.getLogger(ParkedWork.class);

    private final ParkedOrders orders;
    private final ParkedMessages messages;
    private volatile Parked parkedOrders = Parked.NONE;
    private volatile Parked parkedMessages = Parked.NONE;

    ParkedWork(ParkedOrders orders, ParkedMessages messages, MeterRegistry meters) {
        this.orders = orders;
        this.messages = messages;
        count(meters, "orders.parked", "Orders put aside until an operator decides", work -> work.parkedOrders.count());
        count(
                meters,
                "messages.parked",
                "Messages put aside until an operator decides",
                work -> work.parkedMessages.count());
        age(meters, "orders.parked.oldest.age", work -> work.parkedOrders.oldestSeconds());
        age(meters, "messages.parked.oldest.age", work -> work.parkedMessages.oldestSeconds());
    }

    private void count(MeterRegistry meters, String name, String description, ToDoubleFunction<ParkedWork> value) {
        Gauge.builder(name, this, value).description(description).register(meters);
    }

    private void age(MeterRegistry meters, String name, ToDoubleFunction<ParkedWork> value) {
        Gauge.builder(name, this, value)
                .baseUnit("seconds")
                .description("How long the oldest of them has waited")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "PT5S")
    void measure() {
        try {
            parkedOrders = orders.parked();
            parkedMessages = messages.parked();
        } catch (DataAccessException away) {
            log.warn("What is parked was not measured: {}", away.toString());
        }
    }

    /** How much waits, and for how many seconds the oldest has. */
    record Parked(long count, long oldestSeconds) {
        static final Parked NONE = new Parked(0, 0);
    }
}
