package dev.gatehouse.billing.ledger;

import dev.gatehouse.billing.money.Money;

/** One line of a posting. */
record Entry(Account account, Side side, Money amount) {

    enum Side {
        DEBIT,
        CREDIT
    }

    static Entry debit(Account account, Money amount) {
        return new Entry(account, Side.DEBIT, amount);
    }

    static Entry credit(Account account, Money amount) {
        return new Entry(account, Side.CREDIT, amount);
    }

    /** Minor units as the table holds them: debit positive, credit negative. */
    long signedMinor() {
        return side == Side.DEBIT ? amount.amountMinor() : -amount.amountMinor();
    }
}
