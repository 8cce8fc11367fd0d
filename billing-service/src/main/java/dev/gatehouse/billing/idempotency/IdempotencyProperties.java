package dev.gatehouse.billing.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long keys are remembered.
 *
 * @param retention a key is good for a new request after this
 * @param lockTimeout how long a repetition waits for the first request to end before it is told that it still runs
 */
@ConfigurationProperties("billing.idempotency")
record IdempotencyProperties(
        @DefaultValue("24h") Duration retention,
        @DefaultValue("2s") Duration lockTimeout) {}
