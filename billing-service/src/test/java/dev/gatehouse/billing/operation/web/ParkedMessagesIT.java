package dev.gatehouse.billing.operation.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators see of messages that make no sense, and what becomes of their decisions. */
@BillingIntegrationTest
class ParkedMessagesIT {

    private static final String EXCHANGE = "gatehouse.orders";
    private static final String PARKED = "/api/operations/parked-messages";
    private static final byte[] BINARY = {(byte) 0xff, 0, (byte) 0xfe};

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    RabbitTemplate rabbit;

    @Autowired
    AmqpAdmin admin;

    @Autowired
    JdbcClient jdbc;

    BillingClient operator;
    /** Sees every copy of every message. */
    String copies;

    @BeforeEach
    void listenIn() {
        operator = BillingClient.of(port, "operator-" + UUID.randomUUID(), "ops");
        copies = "copies." + UUID.randomUUID();
        admin.declareQueue(QueueBuilder.durable(copies).build());
        admin.declareBinding(new Binding(copies, Binding.DestinationType.QUEUE, EXCHANGE, "order.parked-test", null));
    }

    @AfterEach
    void stopListeningIn() {
        admin.deleteQueue(copies);
    }

    @Test
    void listsWithoutBodiesAndShowsOneWhole() {
        UUID text = parked("not json", "message-7", "t");
        UUID binary = parked(BINARY, null, null);

        Reply list = operator.get(PARKED + "?state=PARKED&reason=malformed&limit=100");
        Reply one = operator.get(PARKED + "/" + text);
        Reply other = operator.get(PARKED + "/" + binary);

        assertThat(list.json().path("items").findValuesAsString("id")).contains(text.toString(), binary.toString());
        assertThat(list.json().path("items").findValues("body")).isEmpty();
        assertThat(one.json().path("body").asString()).isEqualTo("not json");
        assertThat(one.json().path("size").asInt()).isEqualTo(8);
        assertThat(one.json().path("headers").path("x-own").asString()).isEqualTo("kept");
        assertThat(one.json().path("messageId").asString()).isEqualTo("message-7");
        assertThat(one.json().path("exchange").asString()).isEqualTo(EXCHANGE);
        assertThat(one.json().path("routingKey").asString()).isEqualTo("order.parked-test");
        assertThat(one.json().path("reason").asString()).isEqualTo("malformed");
        assertThat(one.json().path("state").asString()).isEqualTo("PARKED");
        assertThat(other.json().path("bodyBase64").asString())
                .isEqualTo(Base64.getEncoder().encodeToString(BINARY));
        assertThat(other.json().has("body")).isFalse();
        assertThat(operator.get(PARKED + "/" + UUID.randomUUID()).problem()).isEqualTo("not-found");
    }

    @Test
    void sendsAMessageOnceMoreAsItCameAndKeepsItMarked() {
        UUID id = parked(BINARY, "message-8", "some-type");
        Message first = rabbit.receive(copies, 10_000);

        Reply replayed = operator.post(PARKED + "/" + id + "/replay", "");
        Message second = rabbit.receive(copies, 10_000);

        assertThat(replayed.status()).isEqualTo(202);
        assertThat(first).isNotNull();
        assertThat(second).isNotNull();
        assertThat(second.getBody()).isEqualTo(BINARY);
        assertThat(second.getMessageProperties().getMessageId()).isEqualTo("message-8");
        assertThat(second.getMessageProperties().getType()).isEqualTo("some-type");
        assertThat(second.getMessageProperties().getContentType()).isEqualTo("application/x-test");
        assertThat(second.getMessageProperties().<String>getHeader("x-own")).isEqualTo("kept");
        assertThat(operator.get(PARKED + "/" + id).json().path("state").asString())
                .isEqualTo("REPLAYED");
        assertThat(action()).isEqualTo("replay-message 1 DONE");
    }

    @Test
    void worksAReplayedMessageOffOnceItsOrderIsKnown() {
        UUID film = inventory.film(5, 100);
        UUID order =
                BillingClient.customer(port).order(film, 1, 100, "pm_card_visa").id();
        UUID stranger = UUID.randomUUID();
        UUID id = parked(
                "{\"type\": \"order-state-changed\", \"schemaVersion\": 1, \"orderId\": \"%s\", \"version\": 1}"
                        .formatted(stranger),
                null,
                null);
        jdbc.sql(
                        "UPDATE parked_messages SET body = convert_to(replace(convert_from(body, 'UTF8'), :old, :new), 'UTF8') WHERE id = :id")
                .param("old", stranger.toString())
                .param("new", order.toString())
                .param("id", id)
                .update();
        long parkedBefore = parkedAbout(order);

        operator.post(PARKED + "/" + id + "/replay", "");

        rabbit.receive(copies, 10_000);
        assertThat(rabbit.receive(copies, 10_000)).isNotNull();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(operator.get("/api/orders/" + order).state()).isEqualTo("CONFIRMED"));
        assertThat(parkedAbout(order)).isEqualTo(parkedBefore);
    }

    @Test
    void refusesToDecideTwice() {
        UUID replayed = parked("one", null, null);
        UUID discarded = parked("two", null, null);
        operator.post(PARKED + "/" + replayed + "/replay", "");
        Reply gone = operator.post(PARKED + "/" + discarded + "/discard", "{\"reason\": \"A stray test message\"}");
        assertThat(gone.status()).isEqualTo(200);
        assertThat(gone.json().path("state").asString()).isEqualTo("DISCARDED");
        assertThat(gone.json().path("body").asString()).isEqualTo("two");

        for (UUID decided : List.of(replayed, discarded)) {
            Reply again = operator.post(PARKED + "/" + decided + "/replay", "");
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.problem()).isEqualTo("message-already-decided");
            assertThat(action()).isEqualTo("replay-message 0 REFUSED");
            Reply discard = operator.post(PARKED + "/" + decided + "/discard", "{\"reason\": \"Again\"}");
            assertThat(discard.problem()).isEqualTo("message-already-decided");
            assertThat(action()).isEqualTo("discard-message 0 REFUSED");
        }
        assertThat(operator.post(PARKED + "/" + UUID.randomUUID() + "/replay", "")
                        .status())
                .isEqualTo(404);
        assertThat(operator.post(PARKED + "/" + discarded + "/discard", "{}").problem())
                .isEqualTo("invalid-request");
    }

    @Test
    void replaysByFilterWhatNobodyDecidedAbout() {
        UUID one = parkedLongAgo("2019-06-01T00:00:00Z");
        UUID two = parkedLongAgo("2019-06-02T00:00:00Z");
        UUID three = parkedLongAgo("2019-06-03T00:00:00Z");
        operator.post(PARKED + "/" + two + "/discard", "{\"reason\": \"Not this one\"}");
        String filter = "\"reason\": \"malformed\", \"parkedAfter\": \"2019-06-01T00:00:00Z\","
                + " \"parkedBefore\": \"2019-06-04T00:00:00Z\"";

        Reply counted = operator.post(PARKED + "/replay", "{" + filter + ", \"limit\": 1, \"dryRun\": true}");
        assertThat(action()).isEqualTo("replay-messages 2 COUNTED");
        Reply first = operator.post(PARKED + "/replay", "{" + filter + ", \"limit\": 1, \"dryRun\": false}");
        Reply rest = operator.post(PARKED + "/replay", "{" + filter + ", \"limit\": 9, \"dryRun\": false}");
        Reply nothing = operator.post(PARKED + "/replay", "{" + filter + ", \"limit\": 9, \"dryRun\": false}");

        assertThat(counted.json().path("matched").asInt()).isEqualTo(2);
        assertThat(first.json().path("replayed").path(0).asString()).isEqualTo(one.toString());
        assertThat(rest.json().path("replayed").path(0).asString()).isEqualTo(three.toString());
        assertThat(nothing.status()).isEqualTo(200);
        assertThat(nothing.json().path("matched").asInt()).isZero();
        assertThat(action()).isEqualTo("replay-messages 0 NOTHING");
    }

    @Test
    void hurriesAMessageThatTheBrokerRefuses() {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                        INSERT INTO outbox (id, aggregate_id, aggregate_version, type, exchange, routing_key, payload,
                                            attempts, last_error, available_at)
                        VALUES (:id, :id, 1, 'test', :exchange, 'order.parked-test', '{}', 7, 'returned: 312 NO_ROUTE',
                                now() + interval '1 hour')""").param("id", id).param("exchange", EXCHANGE).update();

        Reply list = operator.get("/api/operations/unsent-messages?limit=100");
        assertThat(list.json().path("items").valueStream()).anySatisfy(item -> {
            assertThat(item.path("id").asString()).isEqualTo(id.toString());
            assertThat(item.path("attempts").asInt()).isEqualTo(7);
            assertThat(item.path("lastError").asString()).isEqualTo("returned: 312 NO_ROUTE");
        });

        Reply sent = operator.post("/api/operations/unsent-messages/" + id + "/send", "");
        assertThat(sent.status()).isEqualTo(202);
        assertThat(action()).isEqualTo("send-message 1 DONE");
        assertThat(rabbit.receive(copies, 10_000)).isNotNull();
        await().untilAsserted(() -> assertThat(operator.post("/api/operations/unsent-messages/" + id + "/send", "")
                        .problem())
                .isEqualTo("message-already-sent"));
        assertThat(operator.post("/api/operations/unsent-messages/" + UUID.randomUUID() + "/send", "")
                        .problem())
                .isEqualTo("not-found");
        assertThat(action()).isEqualTo("send-message 0 REFUSED");
    }

    private UUID parkedLongAgo(String at) {
        UUID id = parked("not json", null, null);
        jdbc.sql("UPDATE parked_messages SET parked_at = :at::timestamptz WHERE id = :id")
                .param("at", at)
                .param("id", id)
                .update();
        return id;
    }

    private UUID parked(String body, String messageId, String type) {
        return parked(body.getBytes(StandardCharsets.UTF_8), messageId, type);
    }

    /** Sends it and waits until it is put aside. */
    private UUID parked(byte[] body, String messageId, String type) {
        String name = UUID.randomUUID().toString();
        var message = MessageBuilder.withBody(body)
                .setContentType("application/x-test")
                .setHeader("x-own", "kept")
                .setHeader("x-name", name);
        if (messageId != null) {
            message.setMessageId(messageId).setType(type);
        }
        rabbit.send(EXCHANGE, "order.parked-test", message.build());
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> jdbc.sql("SELECT id FROM parked_messages WHERE headers ->> 'x-name' = :name")
                                .param("name", name)
                                .query(UUID.class)
                                .optional(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private long parkedAbout(UUID order) {
        return jdbc.sql("SELECT count(*) FROM parked_messages WHERE position(:id::bytea IN body) > 0")
                .param("id", order.toString())
                .query(Long.class)
                .single();
    }

    private String action() {
        return jdbc.sql("""
                        SELECT action || ' ' || matched || ' ' || outcome
                        FROM operator_actions WHERE operator = :who ORDER BY id DESC LIMIT 1""")
                .param("who", operator.subject())
                .query(String.class)
                .single();
    }
}
