package dev.gatehouse.billing.webhook;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What is taken from the payment provider.
 *
 * @param tolerance how far the time of a signature may be from the database's, either way
 * @param maxBody largest message
 * @param retention how long a message's id is remembered; longer than the provider repeats it
 * @param maxConcurrent messages worked on at a time; more are told to come back
 */
@Validated
@ConfigurationProperties("billing.webhooks")
public record WebhookProperties(
        @DurationMin(seconds = 1) @DefaultValue("300s") Duration tolerance,
        @DefaultValue("256KB") DataSize maxBody,
        @DurationMin(days = 1) @DefaultValue("30d") Duration retention,
        @Min(1) @Max(64) @DefaultValue("3") int maxConcurrent) {}
