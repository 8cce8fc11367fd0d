package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.issuer.Issuer;
import dev.gatehouse.devstack.issuer.IssuerSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSettings;
import dev.gatehouse.devstack.payments.PaymentProviderSimulator;
import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.PrivateFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is outside the platform and has no image of its own: the issuer and the payment provider, in one program for
 * {@code compose.yaml}.
 *
 * <p>Environment: GATEHOUSE_HOME (keys, credentials, journal), GATEHOUSE_SHARED (where billing's secrets are left for
 * it), GATEHOUSE_GATEWAY_PORT, GATEHOUSE_ISSUER_PORT, GATEHOUSE_PAYMENTS_PORT. The issuer listens on every address, for
 * its port to be published; the payment provider on 127.0.0.1.
 */
public final class Outside {

    private static final String USAGE = "usage: [token [customer|catalogue-manager|operator] | users]";
    private static final String EVERY_ADDRESS = "0.0.0.0";

    private final Map<Door, Integer> ports;
    private final Path home;
    private final Credentials credentials;

    private Outside(Map<String, String> environment) {
        this.ports = Door.from(environment);
        this.home = PrivateFiles.folder(Path.of(required(environment, "GATEHOUSE_HOME")));
        this.credentials = Credentials.in(home);
    }

    /** Exit code 0 if it worked, 1 with one line if it did not, 2 for a wrong command. */
    public static void main(String[] arguments) {
        try {
            Outside outside = new Outside(System.getenv());
            switch (arguments.length == 0 ? "" : arguments[0]) {
                case "" -> outside.run(Path.of(required(System.getenv(), "GATEHOUSE_SHARED")));
                case "token" -> outside.printToken(arguments.length > 1 ? arguments[1] : "customer");
                case "users" -> outside.printUsers();
                default -> {
                    System.err.println(USAGE);
                    System.exit(2);
                }
            }
        } catch (CannotStart | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run(Path shared) {
        String apiKey = credentials.of("payment.api-key", "sk_test_");
        String webhookSecret = credentials.of("payment.webhook-secret", "whsec_");
        String clientSecret = credentials.of(Tokens.secretOf("billing-service"));
        PrivateFiles.write(
                shared.resolve("billing-service.properties"), """
                billing.payment.api-key=%s
                billing.payment.webhook-secrets=%s
                spring.security.oauth2.client.registration.inventory.client-secret=%s
                """.formatted(apiKey, webhookSecret, clientSecret));
        PaymentProviderSimulator payments =
                PaymentProviderSimulator.start(PaymentProviderSettings.in(PrivateFiles.folder(home.resolve("payments")))
                        .withPort(port(Door.PAYMENTS))
                        .withSecrets(apiKey, webhookSecret)
                        .withWebhooks(URI.create(url(Door.GATEWAY) + "/api/webhooks/payments")));
        Issuer issuer = Issuer.start(IssuerSettings.demo(
                        port(Door.ISSUER),
                        home.resolve("issuer"),
                        url(Door.GATEWAY),
                        name -> credentials.of(Tokens.secretOf(name)))
                .withAddress(EVERY_ADDRESS));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            issuer.close();
            payments.close();
        }));
        System.out.println("issuer and payment provider are ready");
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void printToken(String word) {
        String client = DemoUser.of(word).clientId();
        System.out.println(Tokens.fetch(url(Door.ISSUER), client, credentials.of(Tokens.secretOf(client))));
    }

    private void printUsers() {
        for (DemoUser user : DemoUser.values()) {
            System.out.println(user.username() + " " + credentials.of(Tokens.secretOf(user.username())));
        }
    }

    private int port(Door door) {
        Integer port = ports.get(door);
        if (port == null) {
            throw new IllegalStateException("no port for " + door);
        }
        return port;
    }

    private String url(Door door) {
        return "http://127.0.0.1:" + port(door);
    }

    private static String required(Map<String, String> environment, String variable) {
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw new CannotStart(variable + " is not set.");
        }
        return value;
    }
}
