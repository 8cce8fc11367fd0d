package dev.gatehouse.inventory.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTests {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Breaker breaker = new Breaker(Duration.ofSeconds(2), clock::get);

    @Test
    void staysClosedWhileFailuresAreNotInARow() {
        breaker.failed();
        breaker.failed();
        breaker.succeeded();
        breaker.failed();
        breaker.failed();

        assertThat(breaker.allows()).isTrue();
    }

    @Test
    void opensAtTheThirdFailureInARow() {
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isTrue();

        assertThat(breaker.allows()).isFalse();
    }

    @Test
    void letsOneCallerAPeriodTry() {
        open();
        clock.addAndGet(Duration.ofSeconds(2).toNanos());

        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.allows()).isFalse();

        assertThat(breaker.failed()).isFalse();
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(breaker.allows()).isTrue();
    }

    @Test
    void closesWhenTheTrialSucceeds() {
        open();
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(breaker.allows()).isTrue();

        assertThat(breaker.succeeded()).isTrue();

        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.succeeded()).isFalse();
    }

    private void open() {
        breaker.failed();
        breaker.failed();
        breaker.failed();
        assertThat(breaker.allows()).isFalse();
    }
}
