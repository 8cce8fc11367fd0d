package dev.gatehouse.gateway.cors;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which origins may read the API. Values are checked by {@link CorsPolicy}.
 *
 * @param allowedOrigins exact origins; none by default
 * @param allowedMethods methods a page may use
 * @param allowedHeaders request headers a page may set beyond the safelisted ones
 * @param exposedHeaders response headers a script may read beyond the safelisted ones
 * @param maxAge how long a browser may keep a preflight's answer; Chromium keeps none longer than two hours
 */
@ConfigurationProperties("gateway.cors")
record CorsProperties(
        @DefaultValue List<String> allowedOrigins,

        @DefaultValue({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
        List<String> allowedMethods,

        @DefaultValue({
            "authorization",
            "content-type",
            "idempotency-key",
            "if-match",
            "if-none-match",
            "last-event-id",
            "prefer",
            "traceparent",
            "x-request-id"
        })
        List<String> allowedHeaders,

        @DefaultValue({
            "ETag",
            "Idempotent-Replayed",
            "Link",
            "Location",
            "Preference-Applied",
            "Retry-After",
            "traceparent",
            "X-Request-Id"
        })
        List<String> exposedHeaders,

        @DefaultValue("2h") Duration maxAge) {

    CorsProperties {
        // Checked while binding, so that a bad value is reported with the property's name.
        CorsPolicy.check(allowedOrigins, allowedMethods, allowedHeaders, exposedHeaders, maxAge);
    }
}
