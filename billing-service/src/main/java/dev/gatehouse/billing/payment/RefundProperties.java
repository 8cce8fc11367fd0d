package dev.gatehouse.billing.payment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How refunds are worked off.
 *
 * @param lease how long a refund belongs to whoever began it; longer than two calls to the provider can take
 * @param maxAttempts failed attempts after which it is parked; with the pauses about an hour
 * @param retryMin pause after the first failed attempt; doubles with each
 * @param retryMax pause it grows to, and the pause between two looks at a refund the provider has not decided on
 * @param concurrency refunds worked on at a time
 */
@Validated
@ConfigurationProperties("billing.refunds")
record RefundProperties(
        @DefaultValue("30s") Duration lease,
        @Min(1) @DefaultValue("20") int maxAttempts,
        @DefaultValue("500ms") Duration retryMin,
        @DefaultValue("5m") Duration retryMax,
        @Min(1) @Max(16) @DefaultValue("2") int concurrency) {}
