package dev.gatehouse.devstack.supervisor;

/** A way from a service to what it depends on, on which a fault proxy can stand. */
public enum Link {
    BILLING_POSTGRES,
    BILLING_BROKER,
    BILLING_REDIS,
    BILLING_INVENTORY,
    /** To the payment provider. */
    BILLING_PAYMENTS,
    INVENTORY_POSTGRES,
    INVENTORY_REDIS,
    GATEWAY_BILLING,
    GATEWAY_INVENTORY,
    /** From a standby to the PostgreSQL server that it follows. */
    STANDBY_PRIMARY
}
