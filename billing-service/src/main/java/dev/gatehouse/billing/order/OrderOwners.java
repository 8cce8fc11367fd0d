package dev.gatehouse.billing.order;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Whose orders they are, for the day a customer must be forgotten. */
@Repository
public class OrderOwners {

    /** What stands where a means of payment was; it looks like one, so that every rule about them holds. */
    public static final String ERASED_METHOD = "pm_erased";

    private final JdbcClient jdbc;

    OrderOwners(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives the customer's final orders to the pseudonym, in the caller's transaction, without their means of payment. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Disowned disown(String customer, String pseudonym) {
        List<Owned> owned = jdbc.sql("""
                        SELECT id, payment_method FROM orders
                        WHERE customer = :customer AND state IN ('CONFIRMED', 'REJECTED', 'CANCELLED')
                        FOR UPDATE""")
                .param("customer", customer)
                .query((row, number) -> new Owned(row.getObject("id", UUID.class), row.getString("payment_method")))
                .list();
        List<UUID> ids = owned.stream().map(Owned::id).toList();
        jdbc.sql("UPDATE orders SET customer = :pseudonym, payment_method = :erased WHERE id = ANY (:ids::uuid[])")
                .param("pseudonym", pseudonym)
                .param("erased", ERASED_METHOD)
                .param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                .update();
        return new Disowned(ids, owned.stream().map(Owned::paymentMethod).collect(Collectors.toSet()));
    }

    /** How many orders the customer has. */
    public long ordersOf(String customer) {
        return jdbc.sql("SELECT count(*) FROM orders WHERE customer = :customer")
                .param("customer", customer)
                .query(Long.class)
                .single();
    }

    /**
     * Orders that lost their owner.
     *
     * @param paymentMethods the provider's tokens that they were paid with
     */
    public record Disowned(List<UUID> ids, Set<String> paymentMethods) {

        public Disowned {
            ids = List.copyOf(ids);
            paymentMethods = Set.copyOf(paymentMethods);
        }
    }

    private record Owned(UUID id, String paymentMethod) {}
}
