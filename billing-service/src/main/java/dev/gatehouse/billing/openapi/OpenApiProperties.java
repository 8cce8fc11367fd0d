package dev.gatehouse.billing.openapi;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where people and tools get a token to try the interface.
 *
 * @param authorizationUrl the issuer's authorization endpoint
 * @param tokenUrl the issuer's token endpoint
 */
@ConfigurationProperties("gatehouse.openapi")
record OpenApiProperties(
        @DefaultValue("https://issuer.example/oauth2/authorize")
        URI authorizationUrl,

        @DefaultValue("https://issuer.example/oauth2/token") URI tokenUrl) {}
