package dev.gatehouse.devstack.payments;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What goes wrong with a request. In JSON the names are in lower case with hyphens: {@code error-before}. */
public enum Fault {
    /** The answer comes late by the plan's delay; the effect is at once. */
    DELAY,
    /** 500 without an effect; the idempotency key remembers nothing. */
    ERROR_BEFORE,
    /** The effect happens and the key remembers the true answer, but this answer is 500. */
    ERROR_AFTER,
    /** The effect happens and the key remembers the 500: every repeat of the key answers 500, as Stripe may. */
    ERROR_SAVED,
    /** 429 without an effect. */
    RATE_LIMIT,
    /** 401 without an effect, as for an API key that was revoked. */
    KEY_REFUSED,
    /** The connection is reset without an effect. */
    RESET_BEFORE,
    /** The effect happens, then the connection is reset without an answer. */
    RESET_AFTER,
    /** The effect happens, then the answer breaks off in its middle. */
    CUT_ANSWER,
    /** Each webhook the request causes is delivered as many times as the plan says. */
    DUPLICATE_WEBHOOKS,
    /** The webhooks the request causes are never sent unless resent by hand. */
    LOSE_WEBHOOKS,
    /** The webhooks the request causes are sent late by the plan's delay; signed when they are sent. */
    LATE_WEBHOOKS,
    /** The webhooks the request causes are held back until a later one about the same payment was delivered. */
    REORDER_WEBHOOKS,
    /** The provider moves the asked amount plus the plan's difference, and says so in its answer. */
    WRONG_AMOUNT;

    /** The name in JSON. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a JSON name.
     *
     * @throws IllegalArgumentException if there is no such fault
     */
    @JsonCreator
    public static Fault of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
