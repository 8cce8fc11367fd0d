package dev.gatehouse.billing.ledger;

import dev.gatehouse.billing.simulation.Database;
import java.util.List;
import java.util.UUID;

/** The real postings, written to the simulation's database. */
public final class SimulatedLedger extends Ledger {

    private final Database database;
    private final Database.Table<String, Posting> postings;

    public SimulatedLedger(Database database) {
        super(null);
        this.database = database;
        this.postings = database.new Table<>("ledger_transactions");
    }

    @Override
    void post(String reference, UUID orderId, String kind, List<Entry> entries) {
        if (entries.stream().allMatch(entry -> entry.amount().isZero())) {
            return;
        }
        database.statement("ledger.post", () -> {
            database.requireTransaction();
            postings.insert(reference, new Posting(orderId, kind, entries));
        });
    }

    /** Sum of all entries in minor units, debit positive. */
    public long sum() {
        return postings.committed().stream()
                .flatMap(posting -> posting.entries.stream())
                .mapToLong(Entry::signedMinor)
                .sum();
    }

    /** What the provider holds for us according to the book. */
    public long clearing(UUID orderId) {
        return postings.committed().stream()
                .filter(posting -> posting.orderId.equals(orderId))
                .flatMap(posting -> posting.entries.stream())
                .filter(entry -> entry.account() == Account.PAYMENT_CLEARING)
                .mapToLong(Entry::signedMinor)
                .sum();
    }

    /** What customers owe according to the book. */
    public long receivable() {
        return postings.committed().stream()
                .flatMap(posting -> posting.entries.stream())
                .filter(entry -> entry.account() == Account.CUSTOMER_RECEIVABLE)
                .mapToLong(Entry::signedMinor)
                .sum();
    }

    private record Posting(UUID orderId, String kind, List<Entry> entries) {}
}
