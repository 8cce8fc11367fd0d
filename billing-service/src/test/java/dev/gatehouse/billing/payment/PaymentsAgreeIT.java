package dev.gatehouse.billing.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.simulation.Chance;
import dev.gatehouse.billing.simulation.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The simulation's payments answer as PostgreSQL's do: the same random statements go to both. */
@BillingIntegrationTest
@Transactional
class PaymentsAgreeIT {

    private static final int STATEMENTS = 60;

    @Autowired
    Payments payments;

    @Autowired
    JdbcClient jdbc;

    private final Database database = Database.alone();
    private final Payments simulated = new PaymentTables(database, Set.of()).payments;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void agreesWithTheRealTable(long seed) {
        var chance = new Chance(seed);
        UUID order = UUID.randomUUID();

        for (int statement = 0; statement < STATEMENTS; statement++) {
            if (statement % 12 == 0) {
                order = UUID.randomUUID();
            }
            UUID id = order;
            String provider = "pi_" + id + chance.below(2);
            PaymentState state = PaymentState.values()[1 + chance.below(PaymentState.values().length - 1)];
            String refund = chance.happens(0.5) ? "re_" + id : null;
            String reason = chance.happens(0.5) ? "card-declined" : null;
            switch (chance.below(8)) {
                case 0, 1 -> both(table -> table.add(id, new Money(4200, "EUR"), "pm_card_visa"));
                case 2, 3 -> both(table -> seen(table, table.startCharge(id)));
                case 4 -> both(table -> table.authorized(id, provider));
                case 5 -> both(table -> table.settle(id, state, provider, refund, reason));
                case 6 -> {
                    if (chance.happens(0.3)) {
                        both(table -> seen(table, table.startUndo(id)));
                    }
                }
                default -> pass(Duration.ofMinutes(chance.between(1, 900)));
            }
            both(table -> seen(table, table.find(id)));
        }
    }

    private void both(Function<Payments, Object> statement) {
        assertThat(statement.apply(simulated)).isEqualTo(statement.apply(payments));
    }

    private void pass(Duration time) {
        database.advance(time.toMillis());
        jdbc.sql("""
            UPDATE payments SET first_called_at = first_called_at - :millis * interval '1 millisecond',
                last_called_at = last_called_at - :millis * interval '1 millisecond'\
            """).param("millis", time.toMillis()).update();
    }

    /** Everything, with times as their distance from now. */
    private List<Object> seen(Payments table, Optional<Payment> found) {
        Instant now = table == simulated
                ? Instant.ofEpochMilli(database.clock())
                : jdbc.sql("SELECT now()").query(OffsetDateTime.class).single().toInstant();
        return found.map(payment -> Arrays.<Object>asList(
                        payment.amount(),
                        payment.paymentMethod(),
                        payment.state(),
                        payment.providerPaymentId(),
                        payment.refundId(),
                        payment.declineReason(),
                        payment.calls(),
                        before(payment.firstCalledAt(), now),
                        before(payment.lastCalledAt(), now),
                        payment.keysForgotten()))
                .orElse(List.of());
    }

    private static Duration before(Instant time, Instant now) {
        return time == null ? null : Duration.between(time, now);
    }
}
