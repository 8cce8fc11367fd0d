package dev.gatehouse.billing.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.order.OrderFollower;
import dev.gatehouse.billing.order.OrderProperties;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.TooBusy;
import dev.gatehouse.billing.order.Transition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Server-sent events of an order's states: one virtual thread for each client, and a bound on the clients. */
@Component
class OrderStreams {

    private static final Logger log = LoggerFactory.getLogger(OrderStreams.class);

    /** Clients come back with the last event's id, so an end costs them nothing; and tokens run out too. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final OrderFollower follower;
    private final Semaphore permits;

    OrderStreams(OrderFollower follower, OrderProperties properties, MeterRegistry meters) {
        this.follower = follower;
        this.permits = new Semaphore(properties.maxStreams());
        Gauge.builder("orders.streams", () -> properties.maxStreams() - permits.availablePermits())
                .description("Clients that follow an order's events")
                .register(meters);
    }

    /** @throws TooBusy when as many clients follow as may */
    SseEmitter open(UUID orderId, @Nullable String customer, int after) {
        if (!permits.tryAcquire()) {
            throw new TooBusy("More clients follow orders than this instance serves.");
        }
        var emitter = new SseEmitter(LONGEST.plusMinutes(1).toMillis());
        Thread.ofVirtual().name("order-stream").start(() -> {
            try {
                follower.follow(orderId, customer, after, LONGEST, new Client(emitter, orderId));
                emitter.complete();
            } catch (UncheckedIOException | IllegalStateException gone) {
                emitter.complete();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                emitter.complete();
            } catch (RuntimeException failed) {
                // The client reconnects; an error page has no place in a stream that has begun.
                log.warn("The events of order {} end early: {}", orderId, failed.toString());
                emitter.complete();
            } finally {
                permits.release();
            }
        });
        return emitter;
    }

    private static final class Client implements OrderFollower.Listener {

        private final SseEmitter emitter;
        private final UUID orderId;
        private long lastSent;

        private Client(SseEmitter emitter, UUID orderId) {
            this.emitter = emitter;
            this.orderId = orderId;
            send(SseEmitter.event().comment("following"));
        }

        @Override
        public void changed(Transition transition) {
            send(SseEmitter.event()
                    .id(String.valueOf(transition.version()))
                    .name("state")
                    .data(StateEvent.from(orderId, transition), MediaType.APPLICATION_JSON));
        }

        @Override
        public void idle() {
            if (System.nanoTime() - lastSent >= HEARTBEAT.toNanos()) {
                send(SseEmitter.event().comment("heartbeat"));
            }
        }

        private void send(SseEmitter.SseEventBuilder event) {
            try {
                emitter.send(event);
                lastSent = System.nanoTime();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StateEvent(
            UUID orderId,
            OrderState state,
            int version,
            Instant at,
            @Nullable String reason) {

        static StateEvent from(UUID orderId, Transition transition) {
            return new StateEvent(
                    orderId, transition.state(), transition.version(), transition.at(), transition.reason());
        }
    }
}
