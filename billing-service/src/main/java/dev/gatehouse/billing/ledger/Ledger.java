package dev.gatehouse.billing.ledger;

import static dev.gatehouse.billing.ledger.Account.CUSTOMER_RECEIVABLE;
import static dev.gatehouse.billing.ledger.Account.PAYMENT_CLEARING;
import static dev.gatehouse.billing.ledger.Account.SALES_REFUNDS;
import static dev.gatehouse.billing.ledger.Account.SALES_REVENUE;
import static dev.gatehouse.billing.ledger.Entry.credit;
import static dev.gatehouse.billing.ledger.Entry.debit;

import com.fasterxml.uuid.Generators;
import dev.gatehouse.billing.money.Money;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Double-entry book of what was sold and given back. Postings join the caller's transaction, so money and the state that
 * moved it are written together or not at all; the database refuses what does not balance, and every change of the past.
 */
@Service
public class Ledger {

    private final JdbcClient jdbc;

    Ledger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An order was sold and the provider took the money for it.
     *
     * @param reference names the posting for ever: repeating it changes nothing
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void postSale(String reference, UUID orderId, Money amount) {
        post(
                reference,
                orderId,
                "SALE",
                List.of(
                        debit(CUSTOMER_RECEIVABLE, amount),
                        credit(SALES_REVENUE, amount),
                        debit(PAYMENT_CLEARING, amount),
                        credit(CUSTOMER_RECEIVABLE, amount)));
    }

    /**
     * The provider gave money back for an order.
     *
     * @param reference names the posting for ever: repeating it changes nothing
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void postRefund(String reference, UUID orderId, Money amount) {
        post(
                reference,
                orderId,
                "REFUND",
                List.of(
                        debit(SALES_REFUNDS, amount),
                        credit(CUSTOMER_RECEIVABLE, amount),
                        debit(CUSTOMER_RECEIVABLE, amount),
                        credit(PAYMENT_CLEARING, amount)));
    }

    void post(String reference, UUID orderId, String kind, List<Entry> entries) {
        if (entries.stream().allMatch(entry -> entry.amount().isZero())) {
            return;
        }
        UUID id = Generators.timeBasedEpochGenerator().generate();
        int posted = jdbc.sql("""
                        insert into ledger_transactions (id, reference, order_id, kind)
                        values (:id, :reference, :orderId, :kind) on conflict (reference) do nothing""")
                .param("id", id)
                .param("reference", reference)
                .param("orderId", orderId)
                .param("kind", kind)
                .update();
        if (posted == 0) {
            return;
        }
        int line = 1;
        for (Entry entry : entries) {
            jdbc.sql("""
                            insert into ledger_entries (transaction_id, line, account, amount_minor, currency)
                            values (:id, :line, :account, :amountMinor, :currency)""")
                    .param("id", id)
                    .param("line", line++)
                    .param("account", entry.account().code())
                    .param("amountMinor", entry.signedMinor())
                    .param("currency", entry.amount().currency())
                    .update();
        }
    }
}
