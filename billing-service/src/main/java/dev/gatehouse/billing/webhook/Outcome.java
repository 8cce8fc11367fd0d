package dev.gatehouse.billing.webhook;

import java.util.Locale;

/** What a message of the provider led to. */
enum Outcome {
    /** The order's next step or refund is due now, and will ask the provider itself. */
    HINT,
    /** The order has no step that could be due: it is at its end, parked, or being worked on. */
    NOTHING_DUE,
    /** It contradicts what we agreed with the provider; written down for the next report. */
    DIFFERENCE,
    /** Of a type that says nothing to us. */
    UNKNOWN_TYPE,
    /** Taken before. */
    DUPLICATE;

    /** The word in metrics. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
