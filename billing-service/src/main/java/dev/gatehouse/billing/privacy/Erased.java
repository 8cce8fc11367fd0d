package dev.gatehouse.billing.privacy;

/**
 * What an erasure found.
 *
 * @param orders that now belong to a pseudonym
 * @param answers to repeatable requests that were forgotten
 * @param messages parked ones and copies of them that were emptied or deleted
 */
public record Erased(int orders, int answers, int messages) {

    /** How many things it concerned. */
    public int total() {
        return orders + answers + messages;
    }
}
