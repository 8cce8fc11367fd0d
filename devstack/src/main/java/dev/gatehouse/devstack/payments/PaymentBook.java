package dev.gatehouse.devstack.payments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of every payment, kept in memory and rebuilt from the journal; each change goes through {@link #record}. */
final class PaymentBook implements AutoCloseable {

    private final Map<String, Intent> intents = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final List<String> order = new ArrayList<>();
    private final Map<String, String> intentOfCharge = new ConcurrentHashMap<>();
    private final Map<String, String> intentOfRefund = new ConcurrentHashMap<>();
    private final Map<String, KeyState> keys = new ConcurrentHashMap<>();
    private final Journal journal;

    /** @param replayed is given every line of an earlier run */
    PaymentBook(Path directory, Consumer<Journal.Line> replayed) {
        this.journal = Journal.open(directory, line -> {
            apply(line);
            replayed.accept(line);
        });
    }

    /** Writes the line to the disk, then lets others see what it says. */
    Journal.Line record(LongFunction<Journal.Line> numbered) {
        Journal.Line line = journal.append(numbered);
        apply(line);
        return line;
    }

    /** Runs one change of an intent at a time. */
    <T> T exclusively(String intentId, Supplier<T> change) {
        synchronized (locks.computeIfAbsent(intentId, id -> new Object())) {
            return change.get();
        }
    }

    List<JournalEntry> entries() {
        return journal.entries();
    }

    Intent intent(String id) {
        Intent intent = intents.get(id);
        if (intent == null) {
            throw StripeError.missing("payment_intent", id);
        }
        return intent;
    }

    @Nullable
    Intent find(@Nullable String id) {
        return id == null ? null : intents.get(id);
    }

    @Nullable
    String intentOfCharge(String chargeId) {
        return intentOfCharge.get(chargeId);
    }

    @Nullable
    String intentOfRefund(String refundId) {
        return intentOfRefund.get(refundId);
    }

    /** Every intent, the newest first. */
    List<Intent> newestFirst() {
        List<Intent> all = new ArrayList<>();
        synchronized (order) {
            for (String id : order.reversed()) {
                Intent intent = intents.get(id);
                if (intent != null) {
                    all.add(intent);
                }
            }
        }
        return all;
    }

    /**
     * Claims a key for a request.
     *
     * @return the line that remembers its answer, or null if the request is the first and now runs
     * @throws StripeError if the key belongs to other parameters or its first request still runs
     */
    Journal.@Nullable Line claim(String key, String fingerprint) {
        KeyState state = keys.putIfAbsent(key, new KeyState(fingerprint, null));
        if (state == null) {
            return null;
        }
        if (!state.fingerprint().equals(fingerprint)) {
            throw StripeError.keyReused(key);
        }
        if (state.line() == null) {
            throw StripeError.keyInUse(key);
        }
        return state.line();
    }

    /** Forgets a key whose request ended without an answer to remember. */
    void abandon(String key) {
        keys.computeIfPresent(key, (name, state) -> state.line() == null ? null : state);
    }

    @Override
    public void close() {
        journal.close();
    }

    private void apply(Journal.Line line) {
        Intent intent = line.after();
        if (intent != null) {
            if (intents.put(intent.id(), intent) == null) {
                synchronized (order) {
                    order.add(intent.id());
                }
            }
            if (intent.charge() != null) {
                intentOfCharge.put(intent.charge().id(), intent.id());
            }
            if (line.refund() != null) {
                intentOfRefund.put(line.refund(), intent.id());
            }
        }
        if (line.answer() != null && line.idempotencyKey() != null) {
            keys.put(line.idempotencyKey(), new KeyState(line.answer().fingerprint(), line));
        }
    }

    private record KeyState(String fingerprint, Journal.@Nullable Line line) {}
}
