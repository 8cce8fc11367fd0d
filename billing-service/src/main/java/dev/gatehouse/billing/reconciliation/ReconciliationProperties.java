package dev.gatehouse.billing.reconciliation;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When and what is compared.
 *
 * @param interval between the beginnings of two comparisons, by whichever instance
 * @param grace how long an order or a refund must have been left alone to be compared; longer than a comparison takes
 * @param window how far back changes are compared
 * @param lease how long a comparison belongs to the instance that began it; after this it is taken for dead
 * @param retention how long reports are kept
 */
@Validated
@ConfigurationProperties("billing.reconciliation")
record ReconciliationProperties(
        @DurationMin(seconds = 1) @DefaultValue("15m") Duration interval,
        @DurationMin(seconds = 0) @DefaultValue("10m") Duration grace,
        @DurationMin(minutes = 1) @DefaultValue("2d") Duration window,
        @DurationMin(seconds = 1) @DefaultValue("5m") Duration lease,
        @DurationMin(days = 1) @DefaultValue("30d") Duration retention) {}
