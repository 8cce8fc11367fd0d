package dev.gatehouse.billing.order;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are worked off and followed.
 *
 * @param lease how long a step belongs to whoever began it, unless renewed; what a killed worker had begun is taken up
 *     after this
 * @param patience how long a step waits for its message before the poller drives it without one
 * @param maxAttempts failed attempts at one step after which it is parked; with the pauses about an hour
 * @param retryMin pause after the first failed attempt; doubles with each
 * @param retryMax pause it grows to
 * @param concurrency steps the poller runs at a time
 * @param maxRequests requests that may use the database at a time; more wait for their turn
 * @param maxWait how long a request waits for its turn before it is answered 503
 * @param maxStreams clients that may follow orders' events at a time
 * @param maxWaiting requests that may wait for an order's end at a time; more are answered at once
 */
@Validated
@ConfigurationProperties("billing.orders")
public record OrderProperties(
        @DefaultValue("8s") Duration lease,
        @DefaultValue("30s") Duration patience,
        @Min(1) @DefaultValue("20") int maxAttempts,
        @DefaultValue("500ms") Duration retryMin,
        @DefaultValue("5m") Duration retryMax,
        @Min(1) @Max(64) @DefaultValue("4") int concurrency,
        @Min(1) @DefaultValue("6") int maxRequests,
        @DefaultValue("1s") Duration maxWait,
        @Min(0) @DefaultValue("200") int maxStreams,
        @Min(0) @DefaultValue("200") int maxWaiting) {}
