package dev.gatehouse.drills.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.drills.check.Records.Moved;
import dev.gatehouse.drills.check.Records.Shelf;
import dev.gatehouse.drills.check.Records.StoredOrder;
import dev.gatehouse.drills.load.Attempt;
import dev.gatehouse.drills.load.Attempt.Try;
import dev.gatehouse.drills.load.Shop.Film;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing wrong is worth something only if it finds what is. */
class CheckerTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Film film = new Film(UUID.randomUUID(), 500, 10);
    private final UUID order = UUID.randomUUID();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<UUID, StoredOrder> orders = new HashMap<>();
    private final Map<String, UUID> ordersByKey = new HashMap<>();
    private final List<JournalEntry> journal = new ArrayList<>();
    private Shelf shelf = new Shelf(8, 0, 2);
    private long ledger;
    private long unsent;
    private List<UUID> undelivered = List.of();

    CheckerTests() {
        attempts.add(attempt("key", order));
        ordersByKey.put("key", order);
        orders.put(order, stored("CONFIRMED", 2, "PLACED", "RESERVED", "PAID", "CONFIRMED"));
        journal.add(moved(Effect.CAPTURED, order, 1000));
    }

    @Test
    void soldOrderPaidOnceIsClean() {
        Findings findings = check();

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.acknowledged()).isEqualTo(1);
        assertThat(findings.confirmed()).isEqualTo(1);
    }

    @Test
    void acknowledgedOrderThatIsNotThereIsLost() {
        orders.clear();

        Findings findings = check();

        assertThat(findings.lost()).isEqualTo(1);
        assertThat(findings.chargedTwice()).isEqualTo(1);
    }

    @Test
    void orderWithoutAnEndIsLost() {
        orders.put(order, stored("PAID", 2, "PLACED", "RESERVED", "PAID"));

        assertThat(check().lost()).isEqualTo(1);
    }

    @Test
    void orderOfOtherContentIsLost() {
        orders.put(order, stored("CONFIRMED", 1, "PLACED", "RESERVED", "PAID", "CONFIRMED"));

        assertThat(check().lost()).isEqualTo(1);
    }

    @Test
    void keyWithTwoOrdersIsDuplicated() {
        attempts.getFirst().tried(new Try(NOW, 1, 202, UUID.randomUUID(), null));

        assertThat(check().duplicated()).isEqualTo(1);
    }

    @Test
    void orderThatNobodyAskedForIsUnexpected() {
        ordersByKey.clear();

        assertThat(check().unexpected()).isEqualTo(1);
    }

    @Test
    void orderWhoseCustomerGotNoAnswerIsRecovered() {
        attempts.clear();
        attempts.add(attempt("key", null));

        Findings findings = check();

        assertThat(findings.recovered()).isEqualTo(1);
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void secondCaptureIsCharged() {
        journal.add(moved(Effect.CAPTURED, order, 1000));

        assertThat(check().chargedTwice()).isEqualTo(1);
    }

    @Test
    void secondCaptureIsChargedEvenIfRefunded() {
        journal.add(moved(Effect.CAPTURED, order, 1000));
        journal.add(moved(Effect.REFUNDED, order, 1000));

        assertThat(check().chargedTwice()).isEqualTo(1);
    }

    @Test
    void secondHoldOnTheCardIsCharged() {
        journal.add(new JournalEntry(
                2, NOW, Effect.AUTHORIZED, "pi_2", "ch_2", null, 1000, "EUR", order.toString(), "key", Map.of()));

        assertThat(check().chargedTwice()).isEqualTo(1);
    }

    @Test
    void messageThatNeverArrivedIsFound() {
        undelivered = List.of(UUID.randomUUID());

        assertThat(check().clean()).isFalse();
    }

    @Test
    void moneyOfARejectedOrderIsCharged() {
        orders.put(order, stored("REJECTED", 2, "PLACED", "RESERVED", "RELEASING", "REJECTED"));
        shelf = new Shelf(10, 0, 0);

        assertThat(check().chargedTwice()).isEqualTo(1);
    }

    @Test
    void copySoldThatWasNotThereIsOversold() {
        shelf = new Shelf(9, 0, 2);

        assertThat(check().oversold()).isEqualTo(1);
    }

    @Test
    void copyHeldForNobodyIsOversold() {
        shelf = new Shelf(7, 1, 2);

        assertThat(check().oversold()).isEqualTo(1);
    }

    @Test
    void copySoldWithoutItsOrderIsOversold() {
        shelf = new Shelf(7, 0, 3);

        assertThat(check().oversold()).isEqualTo(1);
    }

    @Test
    void gapInTheVersionsIsFound() {
        orders.put(
                order,
                new StoredOrder(
                        order,
                        "CONFIRMED",
                        4,
                        1000,
                        film.id(),
                        2,
                        List.of(
                                new Moved(1, "PLACED", NOW),
                                new Moved(2, "RESERVED", NOW),
                                new Moved(4, "CONFIRMED", NOW))));

        assertThat(check().violations()).anyMatch(line -> line.startsWith("history"));
    }

    @Test
    void illegalTransitionIsFound() {
        orders.put(order, stored("CONFIRMED", 2, "PLACED", "PAID", "RESERVED", "CONFIRMED"));

        assertThat(check().violations()).anyMatch(line -> line.startsWith("history"));
    }

    @Test
    void ledgerThatDoesNotBalanceIsFound() {
        ledger = 1;

        assertThat(check().clean()).isFalse();
    }

    @Test
    void messageThatNeverLeftIsFound() {
        unsent = 1;

        assertThat(check().clean()).isFalse();
    }

    private Findings check() {
        return Checker.check(
                attempts,
                List.of(film),
                new Records(orders, ordersByKey, Map.of(film.id(), shelf), ledger, List.of(), unsent),
                journal,
                undelivered);
    }

    private Attempt attempt(String key, @Nullable UUID named) {
        Attempt attempt = new Attempt(key, film.id(), 2, 500, "pm_card_visa", NOW);
        if (named != null) {
            attempt.tried(new Try(NOW, 1, 202, named, null));
            attempt.acknowledged(named);
        }
        return attempt;
    }

    private StoredOrder stored(String state, int quantity, String... history) {
        List<Moved> moved = new ArrayList<>();
        for (String each : history) {
            moved.add(new Moved(moved.size() + 1, each, NOW));
        }
        return new StoredOrder(order, state, history.length, 500L * quantity, film.id(), quantity, moved);
    }

    private static JournalEntry moved(Effect effect, UUID order, long amount) {
        return new JournalEntry(1, NOW, effect, "pi_1", "ch_1", null, amount, "EUR", order.toString(), "key", Map.of());
    }
}
