package dev.gatehouse.drills.check;

import java.util.List;

/**
 * What the checker counted, in the words of Jepsen's queue checker where it has them.
 *
 * @param attempted orders that customers began
 * @param acknowledged of them, taken by the platform with an order's id
 * @param refused of them, told that they will not be taken
 * @param recovered orders whose customer got no answer, and which were taken all the same
 * @param lost acknowledged orders that are not there, or have not come to their end
 * @param duplicated keys with more than one order
 * @param unexpected orders that nobody attempted
 * @param chargedTwice orders with more than one capture, or whose money is not what their end says
 * @param oversold copies sold or held beyond what there was, or unaccounted for
 * @param undelivered messages that billing believes the broker has, and that never arrived
 * @param confirmed orders that ended sold
 * @param rejected orders that ended given up by the platform
 * @param cancelled orders that ended given up by their customer
 * @param ledgerMinor what the ledger's entries sum to; 0
 * @param violations every broken promise, a line each, at most some hundred
 */
public record Findings(
        int attempted,
        int acknowledged,
        int refused,
        int recovered,
        int lost,
        int duplicated,
        int unexpected,
        int chargedTwice,
        long oversold,
        int undelivered,
        int confirmed,
        int rejected,
        int cancelled,
        long ledgerMinor,
        List<String> violations) {

    public Findings {
        violations = List.copyOf(violations);
    }

    /** Whether every promise was kept. */
    public boolean clean() {
        return violations.isEmpty();
    }
}
