package dev.gatehouse.billing.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.outbox.OutboxRows.Claimed;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The outbox as the relay sees it. Everything is rolled back, so the running relay never sees these messages. */
@BillingIntegrationTest
@Transactional
class OutboxRowsIT {

    private static final Duration LEASE = Duration.ofSeconds(30);

    @Autowired
    OutboxRows rows;

    @Autowired
    JdbcClient jdbc;

    private final UUID aggregate = UUID.randomUUID();
    private final UUID relay = UUID.randomUUID();
    private final UUID otherRelay = UUID.randomUUID();

    @Test
    void givesOutAnAggregatesMessagesOneAfterTheOther() {
        UUID second = write(2);
        UUID first = write(1);

        assertThat(claim(relay)).containsExactly(first);
        assertThat(claim(otherRelay)).isEmpty();
        rows.markSent(List.of(first));
        assertThat(claim(otherRelay)).containsExactly(second);
    }

    @Test
    void givesAMessageToAnotherWhenTheLeaseHasEnded() {
        UUID message = write(1);
        claim(relay);

        jdbc.sql("UPDATE outbox SET claimed_until = now() WHERE id = :id")
                .param("id", message)
                .update();

        assertThat(claim(otherRelay)).containsExactly(message);
    }

    @Test
    void holdsAPostponedMessageBackAndThoseBehindIt() {
        UUID first = write(1);
        write(2);
        claim(relay);

        rows.postpone(first, relay, Duration.ofSeconds(5), "returned: 312 NO_ROUTE");

        assertThat(claim(relay)).isEmpty();
        assertThat(jdbc.sql("SELECT attempts FROM outbox WHERE id = :id")
                        .param("id", first)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void letsALateRelayChangeNothingButTheFactThatItWasSent() {
        UUID message = write(1);
        claim(relay);
        jdbc.sql("UPDATE outbox SET claimed_until = now() WHERE id = :id")
                .param("id", message)
                .update();
        claim(otherRelay);

        rows.postpone(message, relay, Duration.ofHours(1), "late");
        rows.release(relay);
        assertThat(claim(relay)).isEmpty();

        rows.release(otherRelay);
        assertThat(claim(relay)).containsExactly(message);
        rows.markSent(List.of(message));
        assertThat(claim(relay)).isEmpty();
    }

    @Test
    void givesOutOneLargeCopyAtATime() {
        List<UUID> small = List.of(receive(10), receive(20));
        List<UUID> large = List.of(receive(70_000), receive(80_000), receive(90_000));

        List<UUID> first = claimCopies(small, large);
        List<UUID> second = claimCopies(small, large);
        List<UUID> third = claimCopies(small, large);

        assertThat(first).hasSize(3).containsAll(small);
        assertThat(second).hasSize(1);
        assertThat(third).hasSize(1);
        assertThat(claimCopies(small, large)).isEmpty();
        assertThat(Stream.of(first, second, third).flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(small.stream(), large.stream()).toList());
    }

    @Test
    void measuresWhatWaits() {
        long before = rows.backlog().unsent();
        write(1);
        jdbc.sql("UPDATE outbox SET created_at = now() - interval '1 second' WHERE aggregate_id = :id")
                .param("id", aggregate)
                .update();

        assertThat(rows.backlog().unsent()).isEqualTo(before + 1);
        assertThat(rows.backlog().oldestSeconds()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void keepsAWeekOfPartitionsAheadAndDropsOldOnesOnceTheyAreSent() {
        LocalDate old = LocalDate.now(ZoneOffset.UTC).minusDays(10);
        String name = "outbox_" + old.format(DateTimeFormatter.BASIC_ISO_DATE);
        jdbc.sql("CREATE TABLE " + name + " PARTITION OF outbox FOR VALUES FROM ('" + old + "') TO ('" + old.plusDays(1)
                        + "')")
                .update();
        UUID message = write(1);
        jdbc.sql("UPDATE outbox SET created_at = :day WHERE id = :id")
                .params(Map.of("day", old.atStartOfDay().plusHours(1), "id", message))
                .update();

        rows.keepPartitions(7, 3);
        assertThat(partitions()).contains(name).hasSizeGreaterThanOrEqualTo(9);

        rows.markSent(List.of(message));
        rows.keepPartitions(7, 3);
        assertThat(partitions()).doesNotContain(name);
    }

    private UUID write(int version) {
        UUID id = UUID.randomUUID();
        rows.insert(new OutboxMessage(id, aggregate, version, "test", "order.test", "{}"), Map.of());
        return id;
    }

    private List<UUID> claim(UUID claim) {
        List<UUID> ours = jdbc.sql("SELECT id FROM outbox WHERE aggregate_id = :id")
                .param("id", aggregate)
                .query(UUID.class)
                .list();
        return rows.claim(claim, 1000, LEASE).stream()
                .map(Claimed::id)
                .filter(ours::contains)
                .toList();
    }

    private UUID receive(int bytes) {
        UUID id = UUID.randomUUID();
        rows.insert(new ReceivedMessage(id, null, "order.test", null, null, null, Map.of(), new byte[bytes]));
        return id;
    }

    private List<UUID> claimCopies(List<UUID> small, List<UUID> large) {
        return rows.claim(UUID.randomUUID(), 1000, LEASE).stream()
                .map(Claimed::id)
                .filter(id -> small.contains(id) || large.contains(id))
                .toList();
    }

    private List<String> partitions() {
        return jdbc.sql("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'outbox'::regclass")
                .query(String.class)
                .list();
    }
}
