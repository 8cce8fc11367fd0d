package dev.gatehouse.devstack.payments;

import dev.gatehouse.devstack.payments.HttpListener.Answer;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A payment provider on 127.0.0.1 that the official Stripe SDK talks to when its API base is {@link #baseUrl()}.
 *
 * <p>What moves money is in its {@link #journal()} before it is answered, and the journal outlives the simulator: started
 * again on the same directory it knows every payment and every idempotency key. Faults are planned with {@link #plan} or
 * over HTTP below {@code /control}. Safe for use by many threads.
 */
public final class PaymentProviderSimulator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PaymentProviderSimulator.class);

    private final PaymentProviderSettings settings;
    private final ScheduledExecutorService timer;
    private final Faults faults = new Faults();
    private final Webhooks webhooks;
    private final PaymentBook book;
    private final PaymentApi payments;
    private final HttpListener listener;

    private PaymentProviderSimulator(PaymentProviderSettings settings) {
        this.settings = settings;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().daemon().name("payment-timer").unstarted(task));
        this.webhooks = new Webhooks(settings, timer, this::remember);
        this.book = new PaymentBook(settings.directory(), this::replay);
        this.payments = new PaymentApi(settings, book, webhooks, faults, timer);
        ControlApi control = new ControlApi(this);
        try {
            this.listener = HttpListener.start(settings.port(), "payment provider", request -> {
                if (request.path().equals("/health")) {
                    return Answer.text(200, "UP");
                }
                return request.path().startsWith("/control/") ? control.handle(request) : payments.handle(request);
            });
        } catch (RuntimeException e) {
            timer.shutdownNow();
            book.close();
            throw e;
        }
    }

    /**
     * Starts a simulator; it listens when this returns.
     *
     * @throws IllegalStateException if the port is taken or the journal is damaged, with one line that says which
     */
    public static PaymentProviderSimulator start(PaymentProviderSettings settings) {
        PaymentProviderSimulator simulator = new PaymentProviderSimulator(settings);
        simulator.payments.resume();
        simulator.webhooks.resumeAll();
        log.info("payment provider listens on {}", simulator.baseUrl());
        return simulator;
    }

    /** The address to give the SDK as its API base, without a slash at its end. */
    public String baseUrl() {
        return "http://127.0.0.1:" + listener.port();
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return listener.port();
    }

    /** The secret key callers present. */
    public String apiKey() {
        return settings.apiKey();
    }

    /** The secret webhooks are signed with. */
    public String webhookSecret() {
        return settings.webhookSecret();
    }

    /** Every movement of money in its order, read from the journal's file. */
    public List<JournalEntry> journal() {
        return book.entries();
    }

    /** Lets a fault wait for its requests. */
    public void plan(FaultPlan plan) {
        faults.plan(plan);
        log.info("planned {}", plan);
    }

    /** The planned faults that are not used up, with the number of hits left. */
    public List<FaultPlan> faults() {
        return faults.left();
    }

    /** Forgets every planned fault. */
    public void clearFaults() {
        faults.clear();
    }

    /** Sends the webhooks of all later events there; null keeps them. */
    public void deliverWebhooksTo(@Nullable URI url) {
        webhooks.deliverTo(url);
    }

    /** Every event and how its delivery stands, in the order of their making. */
    public List<WebhookEvent> webhooks() {
        return webhooks.list();
    }

    /** Delivers an event again, whatever became of it before; false if there is none of this id. */
    public boolean resendWebhook(String eventId) {
        return webhooks.resend(eventId);
    }

    /** Stops listening and delivering; what was answered is on the disk. */
    @Override
    public void close() {
        listener.close();
        timer.shutdownNow();
        webhooks.close();
        book.close();
    }

    private void replay(Journal.Line line) {
        if (line.event() != null && line.after() != null) {
            webhooks.add(line.event(), line.at(), line.after(), line.idempotencyKey());
        }
        if (line.settledEvent() != null) {
            webhooks.markSettled(line.settledEvent());
        }
    }

    private void remember(String settledEvent) {
        book.record(sequence ->
                new Journal.Line(sequence, Instant.now(), null, null, null, null, null, null, null, settledEvent));
    }
}
