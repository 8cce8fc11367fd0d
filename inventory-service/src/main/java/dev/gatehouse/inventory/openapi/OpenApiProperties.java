package dev.gatehouse.inventory.openapi;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Where a browser gets its token; only told to readers of the document, never called by this service. */
@ConfigurationProperties("gatehouse.openapi")
record OpenApiProperties(
        @DefaultValue("/oauth2/authorize") String authorizationUrl,
        @DefaultValue("/oauth2/token") String tokenUrl) {}
