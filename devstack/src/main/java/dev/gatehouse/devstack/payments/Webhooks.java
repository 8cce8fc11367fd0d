package dev.gatehouse.devstack.payments;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Delivers events to one address, signed by Stripe's scheme {@code t=…,v1=…}, again and again until a 2xx answer. */
final class Webhooks implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(10);

    private final String secret;
    private final List<Duration> backOff;
    private final ScheduledExecutorService timer;
    private final Consumer<String> settled;
    private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
    private final List<Delivery> held = new ArrayList<>();
    private volatile @Nullable URI url;
    private @Nullable HttpClient client;

    /** @param settled is told the id of each event that was delivered or given up */
    Webhooks(PaymentProviderSettings settings, ScheduledExecutorService timer, Consumer<String> settled) {
        this.secret = settings.webhookSecret();
        this.backOff = settings.webhookBackOff();
        this.url = settings.webhookUrl();
        this.timer = timer;
        this.settled = settled;
    }

    void deliverTo(@Nullable URI address) {
        url = address;
    }

    /** Remembers an event; {@link #send} delivers it. */
    void add(Journal.Event event, Instant at, Intent intent, @Nullable String idempotencyKey) {
        Delivery delivery = new Delivery(event, at, intent, idempotencyKey);
        synchronized (deliveries) {
            deliveries.put(event.id(), delivery);
        }
    }

    void markSettled(String eventId) {
        Delivery delivery = find(eventId);
        if (delivery != null) {
            delivery.settled = true;
        }
    }

    /** Delivers the event as often as it asks for, after the wait, unless there is no address. */
    void send(Journal.Event event, Duration wait) {
        Delivery delivery = find(event.id());
        for (int copy = 0; delivery != null && url != null && copy < event.copies(); copy++) {
            schedule(delivery, 0, wait);
        }
    }

    /** Keeps the event until a later one about the same payment was delivered, or the simulator starts again. */
    void hold(Journal.Event event) {
        Delivery delivery = find(event.id());
        if (delivery != null) {
            synchronized (held) {
                held.add(delivery);
            }
        }
    }

    private void release(Delivery delivered) {
        List<Delivery> overtaken;
        synchronized (held) {
            overtaken = held.stream()
                    .filter(each -> each.intent.id().equals(delivered.intent.id()))
                    .toList();
            held.removeAll(overtaken);
        }
        overtaken.forEach(each -> send(each.event, Duration.ZERO));
    }

    /** Delivers again what a stopped simulator had not delivered. */
    void resumeAll() {
        for (Delivery delivery : all()) {
            if (!delivery.settled) {
                send(delivery.event, Duration.ZERO);
            }
        }
    }

    boolean resend(String eventId) {
        Delivery delivery = find(eventId);
        if (delivery != null) {
            schedule(delivery, 0, Duration.ZERO);
        }
        return delivery != null;
    }

    List<WebhookEvent> list() {
        return all().stream().map(Delivery::view).toList();
    }

    /** The events as Stripe's objects, the newest first. */
    List<ObjectNode> objects() {
        return all().reversed().stream().map(Delivery::payload).toList();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }

    private List<Delivery> all() {
        synchronized (deliveries) {
            return new ArrayList<>(deliveries.values());
        }
    }

    private @Nullable Delivery find(String eventId) {
        synchronized (deliveries) {
            return deliveries.get(eventId);
        }
    }

    private void schedule(Delivery delivery, int attempt, Duration wait) {
        try {
            timer.schedule(() -> attempt(delivery, attempt), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return; // closed; the next start delivers it
        }
    }

    private void attempt(Delivery delivery, int attempt) {
        URI address = url;
        if (address == null) {
            return;
        }
        String payload = delivery.payload().toString();
        long now = Instant.now().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(ATTEMPT_TIMEOUT)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "Stripe/1.0 (+gatehouse devstack)")
                .header("Stripe-Signature", "t=" + now + ",v1=" + sign(secret, now + "." + payload))
                .POST(HttpRequest.BodyPublishers.ofString(payload))
                .build();
        var unused = client().sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .handle((response, failure) -> {
                    boolean delivered = response != null && response.statusCode() / 100 == 2;
                    delivery.tried(
                            delivered, response != null ? "HTTP " + response.statusCode() : String.valueOf(failure));
                    if (delivered) {
                        settle(delivery);
                        release(delivery);
                    } else if (attempt < backOff.size()) {
                        schedule(delivery, attempt + 1, backOff.get(attempt));
                    } else {
                        log.warn("webhook {} given up after {} attempts", delivery.event.id(), attempt + 1);
                        settle(delivery);
                    }
                    return delivered;
                });
    }

    private void settle(Delivery delivery) {
        if (!delivery.settled) {
            delivery.settled = true;
            settled.accept(delivery.event.id());
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ATTEMPT_TIMEOUT)
                    .build();
        }
        return client;
    }

    static String sign(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Delivery {
        private final Journal.Event event;
        private final Instant at;
        private final Intent intent;
        private final @Nullable String idempotencyKey;
        private volatile boolean settled;
        private int attempts;
        private boolean delivered;
        private @Nullable String lastAnswer;

        Delivery(Journal.Event event, Instant at, Intent intent, @Nullable String idempotencyKey) {
            this.event = event;
            this.at = at;
            this.intent = intent;
            this.idempotencyKey = idempotencyKey;
        }

        ObjectNode payload() {
            return StripeJson.event(event, at.getEpochSecond(), intent, idempotencyKey);
        }

        synchronized void tried(boolean success, String answer) {
            attempts++;
            delivered |= success;
            lastAnswer = answer;
        }

        synchronized WebhookEvent view() {
            return new WebhookEvent(
                    event.id(), event.type(), intent.id(), intent.orderId(), attempts, delivered, lastAnswer);
        }
    }
}
