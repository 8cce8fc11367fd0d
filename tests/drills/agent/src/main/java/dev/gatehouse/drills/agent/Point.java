package dev.gatehouse.drills.agent;

import java.util.Arrays;
import java.util.Locale;

/** A place in billing's code where a process can end or be held up: on the way into a method, or on the way out of it. */
public enum Point {
    /** The order is written, its transaction has not committed. */
    BEFORE_INTAKE_COMMIT("order.OrderService", "place", Moment.EXIT),
    /** The order is committed, its customer has no answer. */
    AFTER_INTAKE_COMMIT("idempotency.IdempotentRequests", "once", Moment.EXIT),
    /** The relay has claimed messages and published none. */
    AFTER_OUTBOX_CLAIM("outbox.OutboxPublisher", "publish", Moment.ENTRY),
    /** A batch is published, no confirm was waited for. */
    AFTER_PUBLISH("outbox.OutboxPublisher", "outcome", Moment.ENTRY),
    /** A batch is confirmed and not marked as sent. */
    AFTER_CONFIRM("outbox.OutboxPublisher", "publish", Moment.EXIT),
    /** A worker has claimed a step and done nothing for it. */
    AFTER_STEP_CLAIM("order.OrderWorker", "run", Moment.ENTRY),
    /** Inventory holds the stock, billing has no record of it. */
    AFTER_RESERVE("order.Step", "reserve", Moment.EXIT),
    /** The provider has authorized the payment, billing has no record of it. */
    AFTER_AUTHORIZE("payment.Payments", "authorized", Moment.ENTRY),
    /** The provider has captured the payment, billing has no record of it. */
    AFTER_CAPTURE("order.Step", "pay", Moment.EXIT),
    /** Inventory has sold the stock, billing has no record of it. */
    AFTER_SALE("order.Step", "confirm", Moment.EXIT),
    /** A step's outside call is over, the transaction that records it has not begun. */
    BEFORE_STEP_COMMIT("order.OrderWorker", "finish", Moment.ENTRY),
    /** A step is recorded, its message is not acknowledged. */
    AFTER_STEP_COMMIT("order.OrderWorker", "finish", Moment.EXIT),
    /** An order is to be compensated and nothing was given back. */
    BEFORE_COMPENSATION("order.Step", "undo", Moment.ENTRY),
    /** The stock is given back, the money is not. */
    DURING_COMPENSATION("payment.PaymentService", "undo", Moment.ENTRY),
    /** Stock and money are given back, billing has no record of it. */
    AFTER_COMPENSATION("order.Step", "undo", Moment.EXIT),
    /** A message that cannot be understood is not parked yet. */
    BEFORE_MESSAGE_PARKED("order.ParkedMessages", "park", Moment.ENTRY),
    /** The message is parked and not acknowledged. */
    AFTER_MESSAGE_PARKED("order.ParkedMessages", "park", Moment.EXIT),
    /** A step that cannot succeed is not parked yet. */
    BEFORE_STEP_PARKED("order.OrderSteps", "park", Moment.ENTRY);

    /** The package of the service under test. */
    static final String BILLING = "dev.gatehouse.billing.";

    private final String type;
    private final String method;
    private final Moment moment;

    Point(String type, String method, Moment moment) {
        this.type = BILLING + type;
        this.method = method;
        this.moment = moment;
    }

    /** Which end of the method. */
    enum Moment {
        ENTRY,
        /** Only when it returns: what throws has not done its work. */
        EXIT
    }

    /** The class's name. */
    public String type() {
        return type;
    }

    /** The method's name; the class has one of it. */
    public String method() {
        return method;
    }

    Moment moment() {
        return moment;
    }

    /** As people write it, for example after-intake-commit. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The point that people write so.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Point of(String word) {
        return Arrays.stream(values())
                .filter(point -> point.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no point " + word + "."));
    }
}
