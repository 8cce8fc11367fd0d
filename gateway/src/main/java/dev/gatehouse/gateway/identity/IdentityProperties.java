package dev.gatehouse.gateway.identity;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the issuer's keys are kept.
 *
 * @param clockSkew tolerance for a token's times
 * @param keyRefresh age after which keys are fetched anew in the background
 * @param keyLifetime age after which keys are no longer used if the issuer cannot be reached
 * @param keyRetry shortest time between two fetches, whatever tokens ask for
 * @param fetchTimeout limit of one fetch
 */
@Validated
@ConfigurationProperties("gateway.identity")
record IdentityProperties(
        @NotNull @DefaultValue("60s") Duration clockSkew,
        @NotNull @DefaultValue("5m") Duration keyRefresh,
        @NotNull @DefaultValue("24h") Duration keyLifetime,
        @NotNull @DefaultValue("5s") Duration keyRetry,
        @NotNull @DefaultValue("3s") Duration fetchTimeout) {}
