package dev.gatehouse.billing.ledger;

/** The accounts of the ledger. A debit adds to assets, a credit to income. */
enum Account {
    /** Asset: what a customer owes for an order; back to zero as soon as the order is paid or refunded. */
    CUSTOMER_RECEIVABLE("customer-receivable"),
    /** Asset: money the payment provider holds for us until it is paid out. */
    PAYMENT_CLEARING("payment-clearing"),
    /** Income: films sold. */
    SALES_REVENUE("sales-revenue"),
    /** Income, negative: sales taken back. Apart from revenue, so that both stay visible. */
    SALES_REFUNDS("sales-refunds");

    private final String code;

    Account(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
