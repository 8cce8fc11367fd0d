package dev.gatehouse.billing.payment;

import java.util.Locale;

/** A message that claims to be the payment provider's and is not taken; nothing was changed by it. */
public class EventRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public EventRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What is wrong with it. */
    public enum Reason {
        /** No signature, or a header that holds none. */
        UNSIGNED,
        /** Signed with none of our secrets, or over other bytes. */
        WRONG_SIGNATURE,
        /** Signed too long ago: a recorded message, sent again by somebody. */
        TOO_OLD,
        /** Signed at a time that is still to come. */
        IN_THE_FUTURE,
        /** Not read to its end. */
        TOO_LARGE,
        /** Signed, and not JSON. */
        NOT_JSON,
        /** Signed, and of a version of the provider's interface that this service does not read. */
        UNKNOWN_VERSION,
        /** Signed, and without a part that every message has. */
        INCOMPLETE;

        /** The word in metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
