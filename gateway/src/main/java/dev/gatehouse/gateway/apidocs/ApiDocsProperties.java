package dev.gatehouse.gateway.apidocs;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What Swagger UI shows.
 *
 * @param documents the definitions in the list, the first one opened at start
 * @param issuer where the page may fetch a token from: the issuer, or the origin of its token endpoint
 * @param clientId public OAuth2 client of the page
 * @param scopes ticked in the Authorize dialogue from the start
 */
@Validated
@ConfigurationProperties("gateway.apidocs")
record ApiDocsProperties(
        @NotEmpty List<@Valid Document> documents,
        @NotNull URI issuer,
        @NotBlank String clientId,
        @DefaultValue List<String> scopes) {

    /**
     * One definition.
     *
     * @param name shown in the list
     * @param url path of the document at the gateway
     */
    record Document(@NotBlank String name, @NotBlank String url) {}

    /** Scheme, host and port of the issuer, as a content security policy names it. */
    String issuerOrigin() {
        return issuer.getScheme() + "://" + issuer.getAuthority();
    }
}
