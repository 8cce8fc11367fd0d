package dev.gatehouse.billing.simulation;

/** What keeps a promise; the simulation must notice when one of them is taken away. */
public enum Safeguard {
    /** A step is ended only by whoever holds its lease. */
    LEASE_TOKEN,
    /** An order is moved only from the version that the mover knows. */
    ORDER_VERSION,
    /** Repeated calls to the provider carry the same key. */
    PAYMENT_KEY,
    /** A message is marked sent only when the broker has confirmed it. */
    PUBLISHER_CONFIRM,
    /** A request's key is looked up before it is carried out. */
    IDEMPOTENCY_KEY,
    /** That a charge may exist is written before the provider is called. */
    UNDO_INTENT,
    /** A capture that nobody recorded is found and given back. */
    LATE_REFUND
}
