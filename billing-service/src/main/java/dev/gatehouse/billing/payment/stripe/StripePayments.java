package dev.gatehouse.billing.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.PaymentMismatch;
import dev.gatehouse.billing.payment.PaymentProvider;
import dev.gatehouse.billing.payment.PaymentProviderUnavailable;
import dev.gatehouse.billing.payment.PaymentUndone;
import dev.gatehouse.billing.payment.ProviderPayment;
import dev.gatehouse.billing.payment.ProviderRecords;
import dev.gatehouse.billing.payment.ProviderRefund;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** PaymentIntents with manual capture: authorize first, capture second, so that both can be undone apart. */
class StripePayments implements PaymentProvider, ProviderRecords {

    private static final String CHARGE = "latest_charge";

    private final StripeClient stripe;
    private final Duration clockTolerance;

    StripePayments(StripeClient stripe, Duration clockTolerance) {
        this.stripe = stripe;
        this.clockTolerance = clockTolerance;
    }

    @Override
    public ProviderPayment authorize(UUID orderId, Money amount, String paymentMethod) {
        PaymentIntentCreateParams params = blank(orderId, amount)
                .setPaymentMethod(paymentMethod)
                .setConfirm(true)
                // Nobody is there to answer a bank's question: such a payment is declined, not left open.
                .setErrorOnRequiresAction(true)
                .build();
        try {
            return read(() -> stripe.v1().paymentIntents().create(params, key(orderId, "authorize")));
        } catch (IdempotencyException otherParameters) {
            // An order's parameters never change, so block() had the key first.
            throw inUse(otherParameters) ? StripeFailure.of(otherParameters) : new PaymentUndone(orderId);
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public Optional<ProviderPayment> block(UUID orderId, Money amount) {
        // Other parameters under the key of authorize: the provider runs the first of the two and refuses the other.
        PaymentIntentCreateParams params = blank(orderId, amount).build();
        try {
            return Optional.of(read(() -> stripe.v1().paymentIntents().create(params, key(orderId, "authorize"))));
        } catch (IdempotencyException authorizedFirst) {
            if (inUse(authorizedFirst)) {
                throw StripeFailure.of(authorizedFirst);
            }
            return Optional.empty();
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    private static PaymentIntentCreateParams.Builder blank(UUID orderId, Money amount) {
        return PaymentIntentCreateParams.builder()
                .setAmount(amount.amountMinor())
                .setCurrency(amount.currency().toLowerCase(Locale.ROOT))
                .addPaymentMethodType("card")
                .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
                .putMetadata(StripePayment.ORDER_ID, orderId.toString())
                .addExpand(CHARGE);
    }

    @Override
    public ProviderPayment capture(UUID orderId, String providerPaymentId, Money amount) {
        PaymentIntentCaptureParams params = PaymentIntentCaptureParams.builder()
                .setAmountToCapture(amount.amountMinor())
                .addExpand(CHARGE)
                .build();
        return orAsItIs(
                providerPaymentId,
                () -> stripe.v1().paymentIntents().capture(providerPaymentId, params, key(orderId, "capture")));
    }

    @Override
    public ProviderPayment cancel(UUID orderId, String providerPaymentId) {
        PaymentIntentCancelParams params =
                PaymentIntentCancelParams.builder().addExpand(CHARGE).build();
        return orAsItIs(
                providerPaymentId,
                () -> stripe.v1().paymentIntents().cancel(providerPaymentId, params, key(orderId, "cancel")));
    }

    @Override
    public ProviderPayment refund(UUID orderId, String providerPaymentId, Money amount) {
        RefundCreateParams params = RefundCreateParams.builder()
                .setPaymentIntent(providerPaymentId)
                .setAmount(amount.amountMinor())
                .putMetadata(StripePayment.ORDER_ID, orderId.toString())
                .build();
        try {
            Refund refund = parsed(() -> stripe.v1().refunds().create(params, key(orderId, "refund")));
            if ("failed".equals(refund.getStatus()) || "canceled".equals(refund.getStatus())) {
                throw new PaymentMismatch("Refund " + refund.getId() + " of order " + orderId + " has failed");
            }
        } catch (InvalidRequestException refused) {
            // Whatever is wrong with a refund, the customer's card is not to blame.
            if (!"charge_already_refunded".equals(refused.getCode())) {
                throw StripeFailure.misconfigured(refused);
            }
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
        return retrieve(providerPaymentId);
    }

    @Override
    public ProviderRefund refundPart(UUID refundId, UUID orderId, String providerPaymentId, Money amount) {
        RefundCreateParams params = RefundCreateParams.builder()
                .setPaymentIntent(providerPaymentId)
                .setAmount(amount.amountMinor())
                .putMetadata(StripePayment.ORDER_ID, orderId.toString())
                .putMetadata(StripeRefund.REFUND_ID, refundId.toString())
                .build();
        RequestOptions key =
                RequestOptions.builder().setIdempotencyKey("refund-" + refundId).build();
        try {
            return StripeRefund.of(parsed(() -> stripe.v1().refunds().create(params, key)));
        } catch (InvalidRequestException refused) {
            // Also when less is left than we think: somebody gave money back by hand.
            throw StripeFailure.misconfigured(refused);
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public Optional<ProviderRefund> findRefund(String providerPaymentId, UUID refundId) {
        RefundListParams params = RefundListParams.builder()
                .setPaymentIntent(providerPaymentId)
                .setLimit(100L)
                .build();
        try {
            return parsed(() -> {
                for (Refund refund : stripe.v1().refunds().list(params).autoPagingIterable()) {
                    if (refundId.equals(StripeRefund.refundId(refund))) {
                        return Optional.of(StripeRefund.of(refund));
                    }
                }
                return Optional.<ProviderRefund>empty();
            });
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public ProviderPayment retrieve(String providerPaymentId) {
        PaymentIntentRetrieveParams params =
                PaymentIntentRetrieveParams.builder().addExpand(CHARGE).build();
        ProviderPayment payment = call(() -> stripe.v1().paymentIntents().retrieve(providerPaymentId, params));
        return payment.refunded().isZero() ? payment : payment.refundedBy(latestRefund(providerPaymentId));
    }

    private @Nullable String latestRefund(String providerPaymentId) {
        RefundListParams params = RefundListParams.builder()
                .setPaymentIntent(providerPaymentId)
                .setLimit(1L)
                .build();
        try {
            return parsed(() -> stripe.v1().refunds().list(params).getData().stream()
                    .map(Refund::getId)
                    .findFirst()
                    .orElse(null));
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public List<ProviderPayment> paymentsBetween(Instant from, Instant to) {
        PaymentIntentListParams params = PaymentIntentListParams.builder()
                .setCreated(PaymentIntentListParams.Created.builder()
                        .setGte(from.minus(clockTolerance).getEpochSecond())
                        .setLte(to.plus(clockTolerance).getEpochSecond())
                        .build())
                .setLimit(100L)
                .addExpand("data." + CHARGE)
                .build();
        try {
            return parsed(() -> {
                List<ProviderPayment> payments = new ArrayList<>();
                for (PaymentIntent intent :
                        stripe.v1().paymentIntents().list(params).autoPagingIterable()) {
                    payments.add(StripePayment.of(intent));
                }
                return payments;
            });
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public List<ProviderRefund> refundsBetween(Instant from, Instant to) {
        RefundListParams params = RefundListParams.builder()
                .setCreated(RefundListParams.Created.builder()
                        .setGte(from.minus(clockTolerance).getEpochSecond())
                        .setLte(to.plus(clockTolerance).getEpochSecond())
                        .build())
                .setLimit(100L)
                .build();
        try {
            return parsed(() -> {
                List<ProviderRefund> refunds = new ArrayList<>();
                for (Refund refund : stripe.v1().refunds().list(params).autoPagingIterable()) {
                    refunds.add(StripeRefund.of(refund));
                }
                return refunds;
            });
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public Optional<ProviderPayment> lookUp(String providerPaymentId) {
        PaymentIntentRetrieveParams params =
                PaymentIntentRetrieveParams.builder().addExpand(CHARGE).build();
        try {
            return Optional.of(read(() -> stripe.v1().paymentIntents().retrieve(providerPaymentId, params)));
        } catch (InvalidRequestException refused) {
            if ("resource_missing".equals(refused.getCode())) {
                return Optional.empty();
            }
            throw StripeFailure.of(refused);
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    @Override
    public Optional<ProviderPayment> find(UUID orderId, Instant from, Instant to) {
        PaymentIntentListParams params = PaymentIntentListParams.builder()
                .setCreated(PaymentIntentListParams.Created.builder()
                        .setGte(from.minus(clockTolerance).getEpochSecond())
                        .setLte(to.plus(clockTolerance).getEpochSecond())
                        .build())
                .setLimit(100L)
                .build();
        try {
            return parsed(() -> {
                        for (PaymentIntent intent :
                                stripe.v1().paymentIntents().list(params).autoPagingIterable()) {
                            if (orderId.toString().equals(StripePayment.orderId(intent))) {
                                return Optional.of(intent.getId());
                            }
                        }
                        return Optional.<String>empty();
                    })
                    .map(this::retrieve);
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    private static ProviderPayment read(Call<PaymentIntent> call) throws StripeException {
        return StripePayment.of(parsed(call));
    }

    /** The SDK fails in many unchecked ways over an answer that is not the JSON it expects. */
    private static <T extends @Nullable Object> T parsed(Call<T> call) throws StripeException {
        try {
            return call.run();
        } catch (RuntimeException unreadable) {
            throw new PaymentProviderUnavailable("The payment provider's answer cannot be read", unreadable);
        }
    }

    private ProviderPayment call(Call<PaymentIntent> call) {
        try {
            return read(call);
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    private ProviderPayment orAsItIs(String providerPaymentId, Call<PaymentIntent> call) {
        try {
            return read(call);
        } catch (InvalidRequestException refused) {
            if ("payment_intent_unexpected_state".equals(refused.getCode())) {
                return retrieve(providerPaymentId);
            }
            throw StripeFailure.of(refused);
        } catch (StripeException failure) {
            throw StripeFailure.of(failure);
        }
    }

    /** Another request with the same key is running at this moment: only its end will tell. */
    private static boolean inUse(IdempotencyException failure) {
        return "idempotency_key_in_use".equals(failure.getCode());
    }

    private static RequestOptions key(UUID orderId, String effect) {
        return RequestOptions.builder()
                .setIdempotencyKey("order-" + orderId + "-" + effect)
                .build();
    }

    @FunctionalInterface
    private interface Call<T extends @Nullable Object> {
        T run() throws StripeException;
    }
}
