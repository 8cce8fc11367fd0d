package dev.gatehouse.devstack.payments;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the payment provider simulator runs.
 *
 * @param port its port on 127.0.0.1, 0 for any free one
 * @param directory where its journal lives; made if absent
 * @param apiKey the secret key its callers present as a bearer token
 * @param webhookSecret the secret its webhooks are signed with
 * @param webhookUrl where webhooks go, null for nowhere
 * @param webhookBackOff the waits between the attempts at one webhook; after the last it is given up until resent
 * @param answerHold how long {@code pm_gatehouse_timeout} keeps its first answer back
 * @param processingTime how long {@code pm_gatehouse_processing} stays in {@code processing}
 */
public record PaymentProviderSettings(
        int port,
        Path directory,
        String apiKey,
        String webhookSecret,
        @Nullable URI webhookUrl,
        List<Duration> webhookBackOff,
        Duration answerHold,
        Duration processingTime) {

    private static final List<Duration> BACK_OFF = List.of(
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15));

    /** A free port, random secrets, no webhooks, the answer of a time-out held for 60 s. */
    public static PaymentProviderSettings in(Path directory) {
        return new PaymentProviderSettings(
                0,
                directory,
                "sk_test_" + random(),
                "whsec_" + random(),
                null,
                BACK_OFF,
                Duration.ofSeconds(60),
                Duration.ofSeconds(2));
    }

    /** Another port. */
    public PaymentProviderSettings withPort(int number) {
        return new PaymentProviderSettings(
                number, directory, apiKey, webhookSecret, webhookUrl, webhookBackOff, answerHold, processingTime);
    }

    /** Other secrets. */
    public PaymentProviderSettings withSecrets(String key, String secret) {
        return new PaymentProviderSettings(
                port, directory, key, secret, webhookUrl, webhookBackOff, answerHold, processingTime);
    }

    /** Webhooks go there, with these waits between the attempts. */
    public PaymentProviderSettings withWebhooks(URI url, List<Duration> backOff) {
        return new PaymentProviderSettings(
                port, directory, apiKey, webhookSecret, url, List.copyOf(backOff), answerHold, processingTime);
    }

    /** Webhooks go there, with the usual waits. */
    public PaymentProviderSettings withWebhooks(URI url) {
        return withWebhooks(url, webhookBackOff);
    }

    /** Another time for {@code pm_gatehouse_timeout}. */
    public PaymentProviderSettings withAnswerHold(Duration hold) {
        return new PaymentProviderSettings(
                port, directory, apiKey, webhookSecret, webhookUrl, webhookBackOff, hold, processingTime);
    }

    /** Another time for {@code pm_gatehouse_processing}. */
    public PaymentProviderSettings withProcessingTime(Duration time) {
        return new PaymentProviderSettings(
                port, directory, apiKey, webhookSecret, webhookUrl, webhookBackOff, answerHold, time);
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "PaymentProviderSettings[port=" + port + ", directory=" + directory + ", webhookUrl=" + webhookUrl + "]";
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
