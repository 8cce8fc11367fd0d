package dev.gatehouse.drills.check;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the services' tables tell after a drill.
 *
 * @param orders by id
 * @param ordersByKey which order the platform remembers for each idempotency key
 * @param shelves what became of each film's stock
 * @param ledgerMinor what all entries of the ledger sum to
 * @param wrongLedgers orders whose entries are not what their end asks for, a line each
 * @param unsent messages that never left
 */
public record Records(
        Map<UUID, StoredOrder> orders,
        Map<String, UUID> ordersByKey,
        Map<UUID, Shelf> shelves,
        long ledgerMinor,
        List<String> wrongLedgers,
        long unsent) {

    /** An order of one film as its tables tell it. */
    public record StoredOrder(
            UUID id, String state, int version, long totalMinor, UUID film, int quantity, List<Moved> history) {}

    /** One transition. */
    public record Moved(int version, String state, Instant at) {}

    /** Copies that can be bought, are held for orders, and were sold. */
    public record Shelf(long available, long reserved, long sold) {}
}
