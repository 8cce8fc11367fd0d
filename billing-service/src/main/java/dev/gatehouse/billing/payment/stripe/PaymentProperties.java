package dev.gatehouse.billing.payment.stripe;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the payment provider is reached.
 *
 * @param baseUrl address of the API
 * @param apiKey secret key of the account
 * @param connectTimeout limit for opening a connection
 * @param readTimeout limit for a whole answer
 * @param webhookSecrets what the provider signs its messages with; two while one replaces the other, and without any no
 *     message is taken
 * @param clockTolerance how far the provider's clock may differ from ours when payments are looked up by time
 */
@Validated
@ConfigurationProperties("billing.payment")
record PaymentProperties(
        @NotNull @DefaultValue("https://api.stripe.com") URI baseUrl,
        @NotBlank String apiKey,
        @DefaultValue List<@NotBlank String> webhookSecrets,
        @DurationMin(millis = 1) @DefaultValue("2s") Duration connectTimeout,
        @DurationMin(millis = 1) @DefaultValue("10s") Duration readTimeout,
        @DurationMin(seconds = 0) @DefaultValue("2m") Duration clockTolerance) {

    PaymentProperties {
        webhookSecrets = List.copyOf(webhookSecrets);
    }

    /** Without the secrets: settings end up in logs. */
    @Override
    public String toString() {
        return "PaymentProperties[baseUrl=" + baseUrl + "]";
    }
}
