package dev.gatehouse.devstack.payments;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The operations of the simulator a fault can be planned for. In JSON the names are in lower case. */
public enum Operation {
    /** Every operation. */
    ANY,
    /** {@code POST /v1/payment_intents}. */
    CREATE,
    /** {@code POST /v1/payment_intents/{id}/confirm}. */
    CONFIRM,
    /** {@code POST /v1/payment_intents/{id}/capture}. */
    CAPTURE,
    /** {@code POST /v1/payment_intents/{id}/cancel}. */
    CANCEL,
    /** {@code POST /v1/refunds}. */
    REFUND,
    /** {@code GET} of one payment intent, refund, charge or event. */
    RETRIEVE,
    /** {@code GET} of a page. */
    LIST;

    /** The name in JSON. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a JSON name.
     *
     * @throws IllegalArgumentException if there is no such operation
     */
    @JsonCreator
    public static Operation of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
