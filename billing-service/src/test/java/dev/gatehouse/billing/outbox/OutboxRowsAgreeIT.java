package dev.gatehouse.billing.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.outbox.OutboxRows.Claimed;
import dev.gatehouse.billing.simulation.Chance;
import dev.gatehouse.billing.simulation.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The simulation's outbox answers as PostgreSQL's does: the same random statements go to both, and are rolled back. */
@BillingIntegrationTest
@Transactional
class OutboxRowsAgreeIT {

    private static final int STATEMENTS = 120;
    private static final Duration LEASE = Duration.ofSeconds(30);

    @Autowired
    OutboxRows rows;

    @Autowired
    JdbcClient jdbc;

    private final Database database = Database.alone();
    private final OutboxRows simulated =
            new OutboxTable(database, JsonMapper.builder().build(), Set.of()).rows;
    private final List<UUID> aggregates = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
    private final List<UUID> relays = List.of(UUID.randomUUID(), UUID.randomUUID());
    private final List<UUID> messages = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheRealTable(long seed) {
        var chance = new Chance(seed);
        int[] versions = new int[aggregates.size()];
        write(chance, versions);

        for (int statement = 0; statement < STATEMENTS; statement++) {
            UUID relay = relays.get(chance.below(relays.size()));
            UUID message = messages.get(Math.max(0, messages.size() - 1 - chance.below(6)));
            Duration pause = Duration.ofMillis(chance.between(0, 20_000));
            switch (chance.below(8)) {
                case 0, 1 -> write(chance, versions);
                case 2, 3, 4 -> both(table -> claim(table, relay));
                case 5 ->
                    both(table -> {
                        table.markSent(List.of(message));
                        return true;
                    });
                case 6 ->
                    both(table -> {
                        if (pause.toMillis() % 2 == 0) {
                            table.postpone(message, relay, pause, "a reason");
                        } else {
                            table.release(relay);
                        }
                        return true;
                    });
                default -> pass(chance.between(1, 25_000));
            }
        }
        pass(Duration.ofHours(1).toMillis());
        both(table -> claim(table, relays.getFirst()));
    }

    private void write(Chance chance, int[] versions) {
        int aggregate = chance.below(versions.length);
        UUID id = UUID.randomUUID();
        int version = ++versions[aggregate];
        messages.add(id);
        both(table -> {
            table.insert(
                    new OutboxMessage(id, aggregates.get(aggregate), version, "test", "order.test", "{}"), Map.of());
            return true;
        });
    }

    /** Ids and attempts of ours that were given out. */
    private Map<UUID, Integer> claim(OutboxRows table, UUID relay) {
        return table.claim(relay, 10_000, LEASE).stream()
                .filter(claimed -> messages.contains(claimed.id()))
                .collect(Collectors.toMap(Claimed::id, Claimed::attempts));
    }

    private void both(Function<OutboxRows, Object> statement) {
        assertThat(statement.apply(simulated)).isEqualTo(statement.apply(rows));
    }

    private void pass(long millis) {
        database.advance(millis);
        jdbc.sql("""
            UPDATE outbox SET available_at = available_at - :millis * interval '1 millisecond',
                claimed_until = claimed_until - :millis * interval '1 millisecond'
            WHERE id = ANY (:ids::uuid[])\
            """)
                .param("millis", millis)
                .param("ids", messages.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }
}
