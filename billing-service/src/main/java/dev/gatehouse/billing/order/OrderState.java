package dev.gatehouse.billing.order;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where an order stands, and where it may go from there: the only list of legal transitions. */
public enum OrderState {
    /** Taken in; stock is to be reserved. */
    PLACED,
    /** Stock is held at the agreed prices; the payment is to be taken. */
    RESERVED,
    /** The money is captured; the stock is to be confirmed. */
    PAID,
    /** Final: stock sold, money taken. */
    CONFIRMED,
    /** It cannot be; whatever was reached is to be undone. */
    RELEASING,
    /** Final: nothing held, nothing charged, for a reason. */
    REJECTED,
    /** The customer gave it up; whatever was reached is to be undone. */
    CANCELLING,
    /** Final: nothing held, nothing charged, by the customer's wish. */
    CANCELLED;

    private static final Set<OrderState> FINAL = EnumSet.of(CONFIRMED, REJECTED, CANCELLED);

    /** The states that may follow. */
    public Set<OrderState> next() {
        return switch (this) {
            case PLACED -> EnumSet.of(RESERVED, RELEASING, CANCELLING);
            case RESERVED -> EnumSet.of(PAID, RELEASING, CANCELLING);
            case PAID -> EnumSet.of(CONFIRMED, RELEASING, CANCELLING);
            case RELEASING -> EnumSet.of(REJECTED);
            case CANCELLING -> EnumSet.of(CANCELLED);
            case CONFIRMED, REJECTED, CANCELLED -> EnumSet.noneOf(OrderState.class);
        };
    }

    /** Whether nothing follows. */
    public boolean isFinal() {
        return FINAL.contains(this);
    }

    /** Whether the order was given up, so that money taken for it must go back. */
    boolean isGivenUp() {
        return switch (this) {
            case RELEASING, REJECTED, CANCELLING, CANCELLED -> true;
            case PLACED, RESERVED, PAID, CONFIRMED -> false;
        };
    }

    /** The name in routing keys: {@code order.confirmed}. */
    String routingKey() {
        return "order." + name().toLowerCase(Locale.ROOT);
    }
}
