package dev.gatehouse.billing.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Messages that nobody can read or act on: kept whole, with the reason, so that they can be acknowledged. */
@Repository
public class ParkedMessages {

    private static final Logger log = LoggerFactory.getLogger(ParkedMessages.class);

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final MeterRegistry meters;

    ParkedMessages(JdbcClient jdbc, JsonMapper json, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.json = json;
        this.meters = meters;
    }

    /** @param reason stable word: malformed, unknown-type, unknown-schema, too-large, unknown-order */
    public void park(Letter letter, String reason, String error) {
        jdbc.sql("""
                        INSERT INTO parked_messages (id, queue, message_id, routing_key, headers, body, reason, error)
                        VALUES (:id, :queue, :messageId, :routingKey, :headers::jsonb, :body, :reason, :error)""")
                .param("id", ids.generate())
                .param("queue", letter.queue())
                .param("messageId", letter.messageId())
                .param("routingKey", letter.routingKey())
                .param("headers", json.writeValueAsString(letter.headers()))
                .param("body", letter.body())
                .param("reason", reason)
                .param("error", error)
                .update();
        meters.counter("orders.messages.parked", "reason", reason).increment();
        log.warn("A message was parked, {}: {}", reason, error);
    }

    /** A message as it came. */
    public record Letter(
            String queue,
            @Nullable String messageId,
            @Nullable String routingKey,
            Map<String, String> headers,
            byte[] body) {}
}
