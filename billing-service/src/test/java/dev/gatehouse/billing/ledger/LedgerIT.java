package dev.gatehouse.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.money.Money;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

@BillingIntegrationTest
class LedgerIT {

    private static final Money PRICE = new Money(2500, "EUR");

    @Autowired
    Ledger ledger;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    private final UUID orderId = UUID.randomUUID();

    @Test
    void booksASaleAsRevenueAgainstMoneyAtTheProvider() {
        inTransaction(() -> ledger.postSale("sale-" + orderId, orderId, PRICE));

        assertThat(balances())
                .isEqualTo(Map.of("customer-receivable", 0L, "sales-revenue", -2500L, "payment-clearing", 2500L));
    }

    @Test
    void takesASaleBackWithoutTouchingItsRevenue() {
        inTransaction(() -> {
            ledger.postSale("sale-" + orderId, orderId, PRICE);
            ledger.postRefund("refund-" + orderId, orderId, PRICE);
        });

        assertThat(balances())
                .isEqualTo(Map.of(
                        "customer-receivable", 0L,
                        "sales-revenue", -2500L,
                        "payment-clearing", 0L,
                        "sales-refunds", 2500L));
    }

    @Test
    void postsAReferenceOnce() {
        inTransaction(() -> ledger.postSale("sale-" + orderId, orderId, PRICE));
        inTransaction(() -> ledger.postSale("sale-" + orderId, orderId, PRICE));

        assertThat(balances()).containsEntry("payment-clearing", 2500L);
    }

    @Test
    void writesNothingForAFreeOrder() {
        inTransaction(() -> ledger.postSale("sale-" + orderId, orderId, Money.zero("EUR")));

        assertThat(balances()).isEmpty();
    }

    @Test
    void vanishesWithTheTransactionThatPostedIt() {
        transaction.executeWithoutResult(status -> {
            ledger.postSale("sale-" + orderId, orderId, PRICE);
            status.setRollbackOnly();
        });

        assertThat(balances()).isEmpty();
    }

    @Test
    void refusesToPostOutsideATransaction() {
        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(() -> ledger.postSale("sale-" + orderId, orderId, PRICE));
    }

    @Test
    void refusesAnUnbalancedPosting() {
        assertRefused(
                "does not balance",
                () -> inTransaction(() -> {
                    UUID id = transactionRow();
                    entryRow(id, 1, 100, "EUR");
                    entryRow(id, 2, -99, "EUR");
                }));
    }

    @Test
    void refusesAPostingThatBalancesOnlyAcrossCurrencies() {
        assertRefused(
                "does not balance",
                () -> inTransaction(() -> {
                    UUID id = transactionRow();
                    entryRow(id, 1, 100, "EUR");
                    entryRow(id, 2, -100, "USD");
                }));
    }

    @Test
    void refusesAPostingWithoutEntries() {
        assertRefused("has no entries", () -> inTransaction(() -> transactionRow()));
    }

    @Test
    void refusesEntriesThatComeLater() {
        inTransaction(() -> ledger.postSale("sale-" + orderId, orderId, PRICE));

        assertRefused(
                "is closed",
                () -> inTransaction(() -> {
                    UUID id = jdbc.sql("select id from ledger_transactions where order_id = :orderId")
                            .param("orderId", orderId)
                            .query(UUID.class)
                            .single();
                    entryRow(id, 5, 100, "EUR");
                    entryRow(id, 6, -100, "EUR");
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_entries set amount_minor = amount_minor + 1",
                "update ledger_transactions set order_id = gen_random_uuid()",
                "delete from ledger_entries",
                "delete from ledger_transactions",
                "truncate ledger_entries, ledger_transactions"
            })
    void refusesToChangeThePast(String statement) {
        inTransaction(() -> ledger.postSale("sale-" + orderId, orderId, PRICE));

        assertRefused("append-only", () -> jdbc.sql(statement).update());
        assertThat(balances()).containsEntry("payment-clearing", 2500L);
    }

    private UUID transactionRow() {
        UUID id = UUID.randomUUID();
        jdbc.sql(
                        "insert into ledger_transactions (id, reference, order_id, kind) values (:id, :reference, :id, 'SALE')")
                .param("id", id)
                .param("reference", "by hand " + id)
                .update();
        return id;
    }

    private void entryRow(UUID transactionId, int line, long amountMinor, String currency) {
        jdbc.sql("insert into ledger_entries values (:id, :line, 'payment-clearing', :amountMinor, :currency)")
                .param("id", transactionId)
                .param("line", line)
                .param("amountMinor", amountMinor)
                .param("currency", currency)
                .update();
    }

    private Map<String, Long> balances() {
        return jdbc
                .sql("""
                        select account, sum(amount_minor)::bigint as balance
                        from ledger_entries join ledger_transactions on id = transaction_id
                        where order_id = :orderId group by account""")
                .param("orderId", orderId)
                .query((row, number) -> Map.entry(row.getString("account"), row.getLong("balance")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void inTransaction(Runnable work) {
        transaction.executeWithoutResult(status -> work.run());
    }

    private static void assertRefused(String reason, Runnable work) {
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(work::run)
                .havingRootCause()
                .withMessageContaining(reason);
    }
}
