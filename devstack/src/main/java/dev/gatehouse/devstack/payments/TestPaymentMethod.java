package dev.gatehouse.devstack.payments;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The payment-method tokens the simulator knows and what each does; the package's documentation has the table. */
enum TestPaymentMethod {
    VISA("visa", "4242", Behaviour.SUCCEED, null, "pm_card_visa"),
    VISA_DEBIT("visa", "5556", Behaviour.SUCCEED, null, "pm_card_visa_debit"),
    MASTERCARD("mastercard", "4444", Behaviour.SUCCEED, null, "pm_card_mastercard"),
    AMEX("amex", "8431", Behaviour.SUCCEED, null, "pm_card_amex"),
    DECLINED("0002", "card_declined", "generic_decline", "Your card was declined.", "chargeDeclined"),
    INSUFFICIENT_FUNDS(
            "9995",
            "card_declined",
            "insufficient_funds",
            "Your card has insufficient funds.",
            "chargeDeclinedInsufficientFunds"),
    LOST_CARD("9987", "card_declined", "lost_card", "Your card was declined.", "chargeDeclinedLostCard"),
    STOLEN_CARD("9979", "card_declined", "stolen_card", "Your card was declined.", "chargeDeclinedStolenCard"),
    EXPIRED_CARD("0069", "expired_card", null, "Your card has expired.", "chargeDeclinedExpiredCard"),
    INCORRECT_CVC(
            "0127", "incorrect_cvc", null, "Your card's security code is incorrect.", "chargeDeclinedIncorrectCvc"),
    PROCESSING_ERROR(
            "0119",
            "processing_error",
            null,
            "An error occurred while processing your card. Try again in a little bit.",
            "chargeDeclinedProcessingError"),
    TIMEOUT("visa", "9001", Behaviour.HOLD_ANSWER, null, "pm_gatehouse_timeout"),
    CAPTURE_THEN_500("visa", "9002", Behaviour.CAPTURE_THEN_500, null, "pm_gatehouse_captureThen500"),
    PROCESSING("visa", "9003", Behaviour.PROCESSING, null, "pm_gatehouse_processing");

    private static final Map<String, TestPaymentMethod> BY_TOKEN = Stream.of(values())
            .flatMap(method -> method.tokens.stream().map(token -> Map.entry(token, method)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final String brand;
    private final String last4;
    private final Behaviour behaviour;
    private final @Nullable Decline decline;
    private final List<String> tokens;

    TestPaymentMethod(String brand, String last4, Behaviour behaviour, @Nullable Decline decline, String token) {
        this.brand = brand;
        this.last4 = last4;
        this.behaviour = behaviour;
        this.decline = decline;
        this.tokens = List.of(token);
    }

    TestPaymentMethod(String last4, String code, @Nullable String declineCode, String message, String name) {
        this.brand = "visa";
        this.last4 = last4;
        this.behaviour = Behaviour.DECLINE;
        this.decline = new Decline(code, declineCode, message);
        this.tokens = List.of("pm_card_" + name, "pm_card_visa_" + name);
    }

    static TestPaymentMethod of(String token) {
        TestPaymentMethod method = BY_TOKEN.get(token);
        if (method == null) {
            throw StripeError.invalid("resource_missing", "payment_method", "No such PaymentMethod: '" + token + "'");
        }
        return method;
    }

    String brand() {
        return brand;
    }

    String last4() {
        return last4;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    @Nullable
    Decline decline() {
        return decline;
    }

    enum Behaviour {
        SUCCEED,
        DECLINE,
        HOLD_ANSWER,
        CAPTURE_THEN_500,
        PROCESSING
    }

    /** Why a card was declined, in Stripe's codes. */
    record Decline(String code, @Nullable String declineCode, String message) {}
}
