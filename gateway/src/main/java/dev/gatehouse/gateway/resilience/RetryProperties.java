package dev.gatehouse.gateway.resilience;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How a request is sent again to a service that broke off before it answered.
 *
 * @param attempts most repeats of one request; 0 for none
 * @param pause before the first repeat, give or take half; each later one waits four times as long
 * @param share of a service's requests that may be repeats over time, above a reserve
 * @param reserve repeats that are possible however few requests there were
 * @param maxBody larger requests are not kept, and so not repeated
 */
@Validated
@ConfigurationProperties("gateway.retry")
record RetryProperties(
        @Min(0) @Max(5) @DefaultValue("2") int attempts,

        @NotNull @DurationMin(millis = 1) @DurationMax(seconds = 1) @DefaultValue("50ms")
        Duration pause,

        @DecimalMin("0") @DecimalMax("1") @DefaultValue("0.2")
        double share,

        @Min(1) @Max(1000) @DefaultValue("10") int reserve,
        @NotNull @DefaultValue("64KB") DataSize maxBody) {}
