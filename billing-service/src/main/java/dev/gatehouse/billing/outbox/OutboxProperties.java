package dev.gatehouse.billing.outbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How messages leave.
 *
 * @param exchange the topic exchange they are published to
 * @param batchSize most messages in flight at a time
 * @param lease how long a claimed message is nobody else's; longer than a batch takes
 * @param confirmTimeout how long the broker may take to confirm
 * @param pollMin pause after work was found
 * @param pollMax pause the relay grows to while there is none
 * @param retryMax pause that a refused message, or an absent broker, grows to
 * @param daysKept how long sent messages stay readable before their day's partition is dropped
 * @param daysAhead how many days' partitions exist in advance
 */
@Validated
@ConfigurationProperties("billing.outbox")
record OutboxProperties(
        @NotBlank @DefaultValue("gatehouse.orders") String exchange,
        @Min(1) @Max(1000) @DefaultValue("100") int batchSize,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("5s") Duration confirmTimeout,
        @DefaultValue("20ms") Duration pollMin,
        @DefaultValue("1s") Duration pollMax,
        @DefaultValue("30s") Duration retryMax,
        @Min(1) @Max(30) @DefaultValue("3") int daysKept,
        @Min(1) @Max(60) @DefaultValue("7") int daysAhead) {}
