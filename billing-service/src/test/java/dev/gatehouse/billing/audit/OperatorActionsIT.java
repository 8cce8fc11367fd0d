package dev.gatehouse.billing.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The record of what operators did: with its effect or not at all, complete, and final. */
@BillingIntegrationTest
class OperatorActionsIT {

    @LocalServerPort
    int port;

    @Autowired
    OperatorActions actions;

    @Autowired
    JdbcClient jdbc;

    private final String who = "operator-" + UUID.randomUUID();

    @Test
    void writesTheLineWithTheEffect() {
        Trace trace = Trace.continued(null);

        try (var scope = trace.enter()) {
            actions.carryOut(intention("why not"), () -> Effect.on(3, "done"));
        }

        OperatorAction line = mine().getFirst();
        assertThat(line.operator()).isEqualTo(new Operator(who, "console"));
        assertThat(line.action()).isEqualTo("try-things");
        assertThat(line.target()).isEqualTo(Map.of("state", "PAID"));
        assertThat(line.reason()).isEqualTo("why not");
        assertThat(line.matched()).isEqualTo(3);
        assertThat(line.outcome()).isEqualTo(Outcome.DONE);
        assertThat(line.traceId()).isEqualTo(trace.traceId());
    }

    @Test
    void tellsNothingFromCountedFromDone() {
        actions.carryOut(intention(null), () -> Effect.on(0, ""));
        actions.carryOut(intention(null), () -> Effect.counted(7, ""));
        actions.carryOut(intention(null), () -> Effect.on(1, ""));

        assertThat(mine())
                .extracting(OperatorAction::outcome)
                .containsExactly(Outcome.DONE, Outcome.COUNTED, Outcome.NOTHING);
    }

    @Test
    void keepsTheLineOfARefusedActionAndUndoesItsEffect() {
        UUID key = UUID.randomUUID();

        assertThatThrownBy(() -> actions.carryOut(intention("in a hurry"), () -> {
                    jdbc.sql("""
                                    INSERT INTO idempotency_keys (subject, route, key, fingerprint, expires_at)
                                    VALUES (:subject, 'r', :key, 'f', now())""")
                            .param("subject", who)
                            .param("key", key.toString())
                            .update();
                    throw new IllegalStateException("Not like this.");
                }))
                .hasMessage("Not like this.");

        OperatorAction line = mine().getFirst();
        assertThat(line.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(line.detail()).isEqualTo("Not like this.");
        assertThat(line.matched()).isZero();
        assertThat(jdbc.sql("SELECT count(*) FROM idempotency_keys WHERE subject = :subject")
                        .param("subject", who)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE operator_actions SET reason = 'better'",
                "DELETE FROM operator_actions",
                "TRUNCATE operator_actions"
            })
    void letsNobodyChangeTheRecord(String tampering) {
        actions.carryOut(intention(null), () -> Effect.on(1, ""));

        assertThatThrownBy(() -> jdbc.sql(tampering).update())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("append-only");

        assertThat(mine()).hasSize(1);
    }

    @Test
    void pagesThroughTheRecordNewestFirst() {
        List<String> done = IntStream.range(0, 5)
                .mapToObj(i -> actions.carryOut(intention("number " + i), () -> Effect.on(1, "number " + i)))
                .toList();
        BillingClient operator = BillingClient.of(port, "operator", "ops");

        Reply first = operator.get("/api/operations/actions?limit=3");
        Reply second = operator.get("/api/operations/actions?limit=3&cursor="
                + first.json().path("nextCursor").asString());
        Reply wrong = operator.get("/api/operations/actions?limit=0&cursor=abc");

        assertThat(first.status()).isEqualTo(200);
        assertThat(Stream.of(first, second)
                        .flatMap(page -> page.json().path("items").valueStream())
                        .limit(5)
                        .map(item -> item.path("reason").asString()))
                .containsExactlyElementsOf(done.reversed());
        assertThat(first.json().path("items").path(0).path("operator").asString())
                .isEqualTo(who);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("errors").path(0).path("field").asString()).isEqualTo("limit");
    }

    private Intention intention(String reason) {
        return new Intention(new Operator(who, "console"), "try-things", Map.of("state", "PAID"), reason);
    }

    private List<OperatorAction> mine() {
        return actions.page(null, 100).stream()
                .filter(line -> line.operator().subject().equals(who))
                .toList();
    }
}
