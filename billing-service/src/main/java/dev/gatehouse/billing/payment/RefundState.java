package dev.gatehouse.billing.payment;

/** How far a refund got; the last two are final. */
public enum RefundState {
    /** The money is to go back; whether it has is the provider's to say. */
    REQUESTED,
    /** The provider gave it back. */
    SUCCEEDED,
    /** The provider could not; the money may be asked back again. */
    FAILED
}
