package dev.gatehouse.drills.check;

import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.drills.check.Records.Moved;
import dev.gatehouse.drills.check.Records.Shelf;
import dev.gatehouse.drills.check.Records.StoredOrder;
import dev.gatehouse.drills.load.Attempt;
import dev.gatehouse.drills.load.Attempt.Outcome;
import dev.gatehouse.drills.load.Shop.Film;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Judges a drill from three records that know nothing of each other: what the customers were told, what the services'
 * tables say, and the payment provider's journal.
 */
public final class Checker {

    /** Which states may follow; written down here again, so that a change of the services' own list is noticed. */
    private static final Map<String, Set<String>> LEGAL = Map.of(
            "PLACED", Set.of("RESERVED", "RELEASING", "CANCELLING"),
            "RESERVED", Set.of("PAID", "RELEASING", "CANCELLING"),
            "PAID", Set.of("CONFIRMED", "RELEASING", "CANCELLING"),
            "RELEASING", Set.of("REJECTED"),
            "CANCELLING", Set.of("CANCELLED"),
            "CONFIRMED", Set.of(),
            "REJECTED", Set.of(),
            "CANCELLED", Set.of());

    private static final int MOST_LINES = 100;

    private final List<Attempt> attempts;
    private final List<Film> films;
    private final Records records;
    private final Map<UUID, StoredOrder> orders;
    private final List<JournalEntry> journal;
    private final List<String> violations = new ArrayList<>();

    private Checker(List<Attempt> attempts, List<Film> films, Records records, List<JournalEntry> journal) {
        this.attempts = attempts;
        this.films = films;
        this.records = records;
        this.orders = records.orders();
        this.journal = journal;
    }

    /**
     * Judges what was ordered of these films. Nothing may be at work any more.
     *
     * @param journal every movement of money at the provider
     * @param undelivered messages that were marked as sent and did not arrive
     */
    public static Findings check(
            List<Attempt> attempts,
            List<Film> films,
            Records records,
            List<JournalEntry> journal,
            List<UUID> undelivered) {
        return new Checker(attempts, films, records, journal).judge(undelivered);
    }

    private Findings judge(List<UUID> undelivered) {
        int lost = lost();
        int duplicated = duplicated();
        int unexpected = unexpected();
        int chargedTwice = money();
        long oversold = stock();
        histories();
        if (records.ledgerMinor() != 0) {
            broken("the ledger sums to " + records.ledgerMinor());
        }
        records.wrongLedgers().forEach(this::broken);
        undelivered.forEach(message -> broken("undelivered: message " + message + " was marked as sent"));
        if (records.unsent() != 0) {
            broken(records.unsent() + " messages never left the outbox");
        }
        return new Findings(
                attempts.size(),
                count(Outcome.ACKNOWLEDGED),
                count(Outcome.REFUSED),
                recovered(),
                lost,
                duplicated,
                unexpected,
                chargedTwice,
                oversold,
                undelivered.size(),
                ended("CONFIRMED"),
                ended("REJECTED"),
                ended("CANCELLED"),
                records.ledgerMinor(),
                violations.size() <= MOST_LINES ? violations : violations.subList(0, MOST_LINES));
    }

    /** Every acknowledged order is there, is what was asked for, and has come to its end. */
    private int lost() {
        int lost = 0;
        for (Attempt attempt : attempts) {
            UUID id = attempt.orderId();
            if (id == null) {
                continue;
            }
            StoredOrder order = orders.get(id);
            if (order == null) {
                lost++;
                broken("lost: order " + id + " of key " + attempt.key() + " was acknowledged and is not there");
            } else if (!LEGAL.getOrDefault(order.state(), Set.of("?")).isEmpty()) {
                lost++;
                broken("unfinished: order " + id + " stayed " + order.state());
            } else if (!order.film().equals(attempt.film())
                    || order.quantity() != attempt.quantity()
                    || order.totalMinor() != attempt.totalMinor()) {
                lost++;
                broken("changed: order " + id + " is not what key " + attempt.key() + " asked for");
            }
        }
        return lost;
    }

    /** A key has one order, and every answer to it names the same. */
    private int duplicated() {
        int duplicated = 0;
        for (Attempt attempt : attempts) {
            if (attempt.namedOrders().size() > 1) {
                duplicated++;
                broken("duplicated: key " + attempt.key() + " was answered with " + attempt.namedOrders());
            }
        }
        return duplicated;
    }

    /** Every order there is was wanted by somebody: its key is one of the attempts'. */
    private int unexpected() {
        Map<UUID, Attempt> wanted = new HashMap<>();
        for (Attempt attempt : attempts) {
            UUID remembered = records.ordersByKey().get(attempt.key());
            if (remembered != null) {
                wanted.put(remembered, attempt);
            }
        }
        int unexpected = 0;
        for (StoredOrder order : orders.values()) {
            if (!wanted.containsKey(order.id())) {
                unexpected++;
                broken("unexpected: order " + order.id() + " belongs to no attempt");
            }
        }
        return unexpected;
    }

    private int recovered() {
        return (int) attempts.stream()
                .filter(attempt -> attempt.outcome() != Outcome.ACKNOWLEDGED)
                .map(attempt -> records.ordersByKey().get(attempt.key()))
                .filter(id -> id != null && orders.containsKey(id))
                .count();
    }

    /** Sold orders were paid exactly once and exactly their total; the others cost nothing in the end. */
    private int money() {
        Map<UUID, List<JournalEntry>> moves = journal.stream()
                .filter(entry -> entry.orderId() != null)
                .collect(Collectors.groupingBy(entry -> UUID.fromString(String.valueOf(entry.orderId()))));
        int wrong = 0;
        for (StoredOrder order : orders.values()) {
            List<JournalEntry> its = moves.getOrDefault(order.id(), List.of());
            long captures = its.stream()
                    .filter(entry -> entry.effect() == Effect.CAPTURED)
                    .count();
            long balance = sum(its, Effect.CAPTURED) - sum(its, Effect.REFUNDED);
            long owed = order.state().equals("CONFIRMED") ? order.totalMinor() : 0;
            long held = held(its);
            if (captures > 1 || balance != owed || held != 0) {
                wrong++;
                broken("charged: order " + order.id() + " is " + order.state() + " over " + order.totalMinor()
                        + ", the provider has " + captures + " captures, keeps " + balance + " and holds " + held);
            }
        }
        // Money of an order that the platform does not know any more is no less taken.
        Set<UUID> acknowledged = attempts.stream()
                .flatMap(attempt -> attempt.namedOrders().stream())
                .collect(Collectors.toSet());
        for (UUID id : acknowledged) {
            if (!orders.containsKey(id)) {
                List<JournalEntry> its = moves.getOrDefault(id, List.of());
                long balance = sum(its, Effect.CAPTURED) - sum(its, Effect.REFUNDED);
                if (balance != 0) {
                    wrong++;
                    broken("charged: the provider keeps " + balance + " of order " + id + ", which is not there");
                }
            }
        }
        return wrong;
    }

    /** What is still reserved on the customer's card: authorized, and neither captured nor let go. */
    private static long held(List<JournalEntry> entries) {
        Set<String> settled = entries.stream()
                .filter(entry -> entry.effect() == Effect.CAPTURED || entry.effect() == Effect.CANCELLED)
                .map(JournalEntry::paymentIntent)
                .collect(Collectors.toSet());
        return entries.stream()
                .filter(entry -> entry.effect() == Effect.AUTHORIZED && !settled.contains(entry.paymentIntent()))
                .mapToLong(JournalEntry::amountMinor)
                .sum();
    }

    private static long sum(List<JournalEntry> entries, Effect effect) {
        return entries.stream()
                .filter(entry -> entry.effect() == effect)
                .mapToLong(JournalEntry::amountMinor)
                .sum();
    }

    /** Nothing is sold that was not there, nothing stays held, and what was sold is what the orders say. */
    private long stock() {
        Map<UUID, Long> ordered = orders.values().stream()
                .filter(order -> order.state().equals("CONFIRMED"))
                .collect(Collectors.groupingBy(StoredOrder::film, Collectors.summingLong(StoredOrder::quantity)));
        long oversold = 0;
        for (Film film : films) {
            Shelf shelf = records.shelves().getOrDefault(film.id(), new Shelf(0, 0, 0));
            long sold = ordered.getOrDefault(film.id(), 0L);
            long missing = film.stock() - shelf.available() - shelf.reserved() - shelf.sold();
            if (missing != 0 || shelf.available() < 0 || shelf.reserved() != 0 || shelf.sold() != sold) {
                oversold += Math.max(1, Math.abs(missing) + Math.abs(shelf.sold() - sold) + shelf.reserved());
                broken("stock: film " + film.id() + " had " + film.stock() + ", has " + shelf + ", the orders say "
                        + sold + " sold");
            }
        }
        return oversold;
    }

    /** Versions without a gap, from PLACED on, by legal transitions only. */
    private void histories() {
        for (StoredOrder order : orders.values()) {
            List<Moved> history = order.history();
            boolean gapFree = history.size() == order.version();
            boolean legal = !history.isEmpty()
                    && history.getFirst().state().equals("PLACED")
                    && history.getLast().state().equals(order.state());
            for (int i = 0; i < history.size(); i++) {
                gapFree &= history.get(i).version() == i + 1;
                legal &= i == 0
                        || LEGAL.getOrDefault(history.get(i - 1).state(), new HashSet<>())
                                .contains(history.get(i).state());
            }
            if (!gapFree || !legal) {
                broken("history: order " + order.id() + " at version " + order.version() + " went " + history);
            }
        }
    }

    private int count(Outcome outcome) {
        return (int) attempts.stream()
                .filter(attempt -> attempt.outcome() == outcome)
                .count();
    }

    private int ended(String state) {
        return (int) orders.values().stream()
                .filter(order -> order.state().equals(state))
                .count();
    }

    private void broken(String line) {
        violations.add(line);
    }
}
