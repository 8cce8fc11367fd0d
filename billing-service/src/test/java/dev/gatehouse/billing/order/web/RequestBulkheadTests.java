package dev.gatehouse.billing.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gatehouse.billing.order.OrderProperties;
import dev.gatehouse.billing.order.TooBusy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestBulkheadTests {

    private final RequestBulkhead bulkhead = new RequestBulkhead(new OrderProperties(
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            20,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            4,
            1,
            Duration.ofMillis(10),
            1,
            1));

    @Test
    void turnsAwayWhoeverComesWhileAllPlacesAreTaken() {
        Throwable refusal = bulkhead.call(() -> catchThrowable(() -> bulkhead.call(() -> 1)));

        assertThat(refusal).isInstanceOf(TooBusy.class);
        assertThat(bulkhead.<Integer>call(() -> 2)).isEqualTo(2);
    }

    @Test
    void freesThePlaceOfWhateverFails() {
        assertThatThrownBy(() -> bulkhead.call(() -> {
                    throw new IllegalStateException("for a test");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(bulkhead.<Integer>call(() -> 2)).isEqualTo(2);
    }
}
