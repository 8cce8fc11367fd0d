package dev.gatehouse.billing.audit;

/** How an operator's action ended. */
public enum Outcome {
    DONE,
    /** Nothing matched, so nothing changed. */
    NOTHING,
    /** Only counted, as asked for. */
    COUNTED,
    /** Refused; nothing changed. */
    REFUSED
}
