package dev.gatehouse.billing.inventory;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How inventory is reached and how much of it this service may use.
 *
 * @param baseUrl address of the service
 * @param connectTimeout limit for opening a connection
 * @param readTimeout limit for an answer; also for the token that the question needs
 * @param maxConcurrent calls under way at a time; more wait, so that a slow inventory cannot tie up this service
 * @param maxWait how long a call waits for its turn
 * @param reservationDuration how long inventory holds stock for an order that does not come to an end; longer than all
 *     attempts at its payment take, about an hour
 */
@Validated
@ConfigurationProperties("billing.inventory")
record InventoryProperties(
        @NotNull URI baseUrl,
        @DurationMin(millis = 1) @DefaultValue("1s") Duration connectTimeout,
        @DurationMin(millis = 1) @DefaultValue("3s") Duration readTimeout,
        @Min(1) @Max(1000) @DefaultValue("32") int maxConcurrent,
        @DurationMin(millis = 0) @DefaultValue("250ms") Duration maxWait,

        @DurationMin(minutes = 1) @DurationMax(hours = 24) @DefaultValue("2h")
        Duration reservationDuration) {}
