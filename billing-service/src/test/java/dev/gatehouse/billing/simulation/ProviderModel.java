package dev.gatehouse.billing.simulation;

import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentMismatch;
import dev.gatehouse.billing.payment.PaymentProvider;
import dev.gatehouse.billing.payment.PaymentProviderUnavailable;
import dev.gatehouse.billing.payment.PaymentRefused;
import dev.gatehouse.billing.payment.PaymentUndone;
import dev.gatehouse.billing.payment.ProviderPayment;
import dev.gatehouse.billing.payment.ProviderPayment.Status;
import dev.gatehouse.billing.payment.ProviderRefund;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The payment provider with its own book: it answers a repeated key as the first time for a day, also with an error it
 * has remembered, refuses a key with other parameters, and lists new payments a little late.
 */
final class ProviderModel implements PaymentProvider {

    private static final long TIMEOUT_MILLIS = 10_000;
    private static final long KEY_LIFE_MILLIS = Duration.ofHours(24).toMillis();
    private static final long LISTED_AFTER_MILLIS = 2_000;

    private final Simulation simulation;
    private final boolean keysDiffer;
    private final Map<String, Intent> intents = new LinkedHashMap<>();
    private final Map<String, Remembered> keys = new LinkedHashMap<>();
    private int calls;

    ProviderModel(Simulation simulation, Set<Safeguard> removed) {
        this.simulation = simulation;
        this.keysDiffer = removed.contains(Safeguard.PAYMENT_KEY);
    }

    @Override
    public ProviderPayment authorize(UUID orderId, Money amount, String paymentMethod) {
        String key = key(orderId, "authorize");
        return keyed("provider.authorize", key, () -> {
            Remembered first = known(key);
            if (first != null && !first.parameters.equals(paymentMethod)) {
                throw new PaymentUndone(orderId);
            }
            return remembered(key, paymentMethod, () -> {
                Intent intent = create(orderId, amount);
                if (simulation.happens(Fault.PAYMENT_DECLINED)) {
                    intent.declineReason = "card-declined";
                    throw new PaymentRefused("card-declined", intent.id, new IllegalStateException("declined"));
                }
                intent.status = Status.AUTHORIZED;
                return intent.seen();
            });
        });
    }

    @Override
    public Optional<ProviderPayment> block(UUID orderId, Money amount) {
        String key = key(orderId, "authorize");
        return keyed("provider.block", key, () -> {
            Remembered first = known(key);
            if (first != null && !first.parameters.equals("blank")) {
                return Optional.empty();
            }
            return Optional.of(
                    remembered(key, "blank", () -> create(orderId, amount).seen()));
        });
    }

    @Override
    public ProviderPayment capture(UUID orderId, String providerPaymentId, Money amount) {
        String key = key(orderId, "capture");
        return keyed(
                "provider.capture",
                key,
                () -> remembered(key, "", () -> {
                    Intent intent = intent(providerPaymentId);
                    if (intent.status == Status.AUTHORIZED) {
                        intent.status = Status.CAPTURED;
                        intent.captured = amount;
                        check(intent.orderId);
                    }
                    return intent.seen();
                }));
    }

    @Override
    public ProviderPayment cancel(UUID orderId, String providerPaymentId) {
        String key = key(orderId, "cancel");
        return keyed(
                "provider.cancel",
                key,
                () -> remembered(key, "", () -> {
                    Intent intent = intent(providerPaymentId);
                    if (intent.status == Status.AUTHORIZED || intent.status == Status.UNCONFIRMED) {
                        intent.status = Status.CANCELLED;
                    }
                    return intent.seen();
                }));
    }

    @Override
    public ProviderPayment refund(UUID orderId, String providerPaymentId, Money amount) {
        String key = key(orderId, "refund");
        return keyed("provider.refund", key, () -> {
            remembered(key, amount.toString(), () -> {
                Intent intent = intent(providerPaymentId);
                if (intent.refunded.amountMinor() + amount.amountMinor() <= intent.captured.amountMinor()) {
                    intent.refunded = intent.refunded.plus(amount);
                    intent.refundId = "re_" + intent.id;
                }
                return intent.seen();
            });
            // The answer is read anew, as the adapter does.
            return intent(providerPaymentId).seen();
        });
    }

    @Override
    public ProviderRefund refundPart(UUID refundId, UUID orderId, String providerPaymentId, Money amount) {
        return call("provider.refund", () -> {
            Intent intent = intent(providerPaymentId);
            return intent.parts.computeIfAbsent(refundId, id -> {
                if (intent.refunded.amountMinor() + amount.amountMinor() > intent.captured.amountMinor()) {
                    throw new PaymentMismatch("So much is not left");
                }
                intent.refunded = intent.refunded.plus(amount);
                return new ProviderRefund("re_" + id, intent.id, id, ProviderRefund.Status.SUCCEEDED, amount, null);
            });
        });
    }

    @Override
    public Optional<ProviderRefund> findRefund(String providerPaymentId, UUID refundId) {
        return call(
                "provider.find",
                () -> Optional.ofNullable(intent(providerPaymentId).parts.get(refundId)));
    }

    @Override
    public ProviderPayment retrieve(String providerPaymentId) {
        return call("provider.retrieve", () -> intent(providerPaymentId).seen());
    }

    @Override
    public Optional<ProviderPayment> find(UUID orderId, Instant from, Instant to) {
        return call(
                "provider.find",
                () -> intents.values().stream()
                        .filter(intent -> intent.orderId.equals(orderId))
                        .filter(intent -> intent.createdAt + LISTED_AFTER_MILLIS <= simulation.now())
                        .filter(intent -> intent.createdAt
                                        >= from.minusSeconds(300).toEpochMilli()
                                && intent.createdAt <= to.plusSeconds(300).toEpochMilli())
                        .findFirst()
                        .map(Intent::seen));
    }

    private String key(UUID orderId, String effect) {
        return orderId + "-" + effect + (keysDiffer ? "-" + calls++ : "");
    }

    private <T> T keyed(String name, String key, Supplier<T> effect) {
        return simulation.call(name, TIMEOUT_MILLIS, true, effect, ProviderModel::unavailable, () -> {
            Remembered first = keys.get(key);
            if (first != null) {
                keys.put(key, new Remembered(first.parameters, null, unavailable(), first.at));
            }
        });
    }

    private <T> T call(String name, Supplier<T> effect) {
        return simulation.call(name, TIMEOUT_MILLIS, false, effect, ProviderModel::unavailable, () -> {});
    }

    private static PaymentProviderUnavailable unavailable() {
        return new PaymentProviderUnavailable("No usable answer", null);
    }

    private @Nullable Remembered known(String key) {
        Remembered first = keys.get(key);
        return first == null || first.at + KEY_LIFE_MILLIS < simulation.now() ? null : first;
    }

    private ProviderPayment remembered(String key, String parameters, Supplier<ProviderPayment> effect) {
        Remembered first = known(key);
        if (first != null) {
            if (first.failure != null) {
                throw first.failure;
            }
            return Objects.requireNonNull(first.answer);
        }
        try {
            ProviderPayment answer = effect.get();
            keys.put(key, new Remembered(parameters, answer, null, simulation.now()));
            return answer;
        } catch (PaymentRefused refused) {
            keys.put(key, new Remembered(parameters, null, refused, simulation.now()));
            throw refused;
        }
    }

    private Intent create(UUID orderId, Money amount) {
        Intent intent = new Intent("pi_" + intents.size(), orderId, amount, simulation.now());
        intents.put(intent.id, intent);
        return intent;
    }

    private Intent intent(String id) {
        return Objects.requireNonNull(intents.get(id), id);
    }

    /** Nobody is charged twice, at every moment. */
    private void check(UUID orderId) {
        long captures = of(orderId).stream()
                .filter(intent -> intent.captured.amountMinor() > 0)
                .count();
        if (captures > 1) {
            throw new Violation("I2", "an order was charged " + captures + " times");
        }
    }

    private List<Intent> of(UUID orderId) {
        return intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .toList();
    }

    /** What the provider took and kept for the order, in minor units. */
    long kept(UUID orderId) {
        return of(orderId).stream()
                .mapToLong(intent -> intent.captured.amountMinor() - intent.refunded.amountMinor())
                .sum();
    }

    /** Whether money of the order's customer is still set aside. */
    boolean holds(UUID orderId) {
        return of(orderId).stream().anyMatch(intent -> intent.status == Status.AUTHORIZED);
    }

    private static final class Intent {

        private final String id;
        private final UUID orderId;
        private final Money amount;
        private final long createdAt;
        private final Map<UUID, ProviderRefund> parts = new LinkedHashMap<>();
        private Status status = Status.UNCONFIRMED;
        private Money captured;
        private Money refunded;
        private @Nullable String refundId;
        private @Nullable String declineReason;

        Intent(String id, UUID orderId, Money amount, long createdAt) {
            this.id = id;
            this.orderId = orderId;
            this.amount = amount;
            this.createdAt = createdAt;
            this.captured = Money.zero(amount.currency());
            this.refunded = Money.zero(amount.currency());
        }

        private ProviderPayment seen() {
            return new ProviderPayment(id, orderId, status, amount, captured, refunded, refundId, declineReason);
        }
    }

    private record Remembered(
            String parameters,
            @Nullable ProviderPayment answer,
            @Nullable RuntimeException failure,
            long at) {}
}
