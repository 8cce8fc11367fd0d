package dev.gatehouse.billing.audit;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.gatehouse.billing.trace.Trace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Carries operators' actions out and keeps the record of them: there is no effect without its line. */
@Service
public class OperatorActions {

    private static final Logger log = LoggerFactory.getLogger(OperatorActions.class);
    private static final TypeReference<Map<String, String>> TARGET = new TypeReference<>() {};

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    OperatorActions(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
    }

    /**
     * Runs the action and writes its line in one transaction. What the action throws undoes it and is thrown; its line,
     * as refused, is then written alone.
     *
     * @param action joins the transaction; must not call anybody outside
     */
    public <T> T carryOut(Intention intention, Supplier<Effect<T>> action) {
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                        Effect<T> effect = action.get();
                        insert(intention, effect.matched(), effect.outcome(), null);
                        return effect;
                    }))
                    .result();
        } catch (DataAccessException | TransactionException away) {
            // Nothing happened, and nothing could be written about it either.
            throw away;
        } catch (RuntimeException refused) {
            refused(intention, refused);
            throw refused;
        }
    }

    private void refused(Intention intention, RuntimeException refusal) {
        try {
            transaction.executeWithoutResult(
                    status -> insert(intention, 0, Outcome.REFUSED, String.valueOf(refusal.getMessage())));
        } catch (DataAccessException | TransactionException away) {
            refusal.addSuppressed(away);
        }
    }

    private void insert(Intention intention, long matched, Outcome outcome, @Nullable String detail) {
        jdbc.sql("""
                        INSERT INTO operator_actions (id, operator, client, action, target, reason, matched, outcome,
                                                      detail, trace_id)
                        VALUES (:id, :operator, :client, :action, :target::jsonb, :reason, :matched, :outcome,
                                :detail, :traceId)""")
                .param("id", ids.generate())
                .param("operator", intention.operator().subject())
                .param("client", intention.operator().client())
                .param("action", intention.action())
                .param("target", json.writeValueAsString(intention.target()))
                .param("reason", intention.reason())
                .param("matched", matched)
                .param("outcome", outcome.name())
                .param("detail", detail)
                .param("traceId", Trace.currentId().orElse(null))
                .update();
        log.info("Operator's action {} on {}: {}, {}", intention.action(), intention.target(), outcome, matched);
    }

    /**
     * A part of the record, newest first.
     *
     * @param before only lines that come after this one in that order, null for the newest
     * @param atMost most lines
     */
    @Transactional(readOnly = true)
    public List<OperatorAction> page(@Nullable Position before, int atMost) {
        String where = before == null ? "" : " WHERE (at, id) < (:at, :id)";
        var query = jdbc.sql(
                        "SELECT id, operator, client, action, target, reason, matched, outcome, detail, at, trace_id"
                                + " FROM operator_actions" + where + " ORDER BY at DESC, id DESC LIMIT :atMost")
                .param("atMost", atMost);
        if (before != null) {
            query = query.param("at", before.at().atOffset(ZoneOffset.UTC)).param("id", before.id());
        }
        return query.query(this::row).list();
    }

    private OperatorAction row(ResultSet row, int number) throws SQLException {
        return new OperatorAction(
                row.getObject("id", UUID.class),
                new Operator(row.getString("operator"), row.getString("client")),
                row.getString("action"),
                json.readValue(row.getString("target"), TARGET),
                row.getString("reason"),
                row.getLong("matched"),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("detail"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("trace_id"));
    }

    /** A line's place in the record. */
    public record Position(Instant at, UUID id) {}
}
