package dev.gatehouse.gateway.wire;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of what may enter.
 *
 * @param maxBody largest request body; a route's metadata {@code max-body} overrides it
 * @param maxTargetBytes longest path and query together
 * @param maxHeaderBytes largest sum of header names and values
 * @param maxHeaders most header lines
 * @param strictTransportSecurity value of that header; empty where TLS does not end in front of the gateway
 */
@Validated
@ConfigurationProperties("gateway.wire")
record WireProperties(
        @NotNull @DefaultValue("1MB") DataSize maxBody,
        @Min(1024) @Max(16 * 1024) @DefaultValue("8192") int maxTargetBytes,

        @Min(4 * 1024) @Max(64 * 1024) @DefaultValue("16384")
        int maxHeaderBytes,

        @Min(20) @Max(500) @DefaultValue("100") int maxHeaders,

        @NotNull @Pattern(regexp = "|max-age=\\d+(; includeSubDomains)?(; preload)?") @DefaultValue("")
        String strictTransportSecurity) {}
