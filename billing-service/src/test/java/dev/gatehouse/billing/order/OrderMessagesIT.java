package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.stores.TestStores;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Orders and the broker: what is sent, what is survived, and what becomes of messages that make no sense. */
@BillingIntegrationTest
class OrderMessagesIT {

    private static final String EXCHANGE = "gatehouse.orders";
    private static final String QUEUE = "billing.order-steps";

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    RabbitTemplate rabbit;

    @Autowired
    AmqpAdmin admin;

    @Autowired
    RabbitListenerEndpointRegistry listeners;

    @Autowired
    MeterRegistry meters;

    BillingClient customer;

    @BeforeEach
    void meetANewCustomer() {
        customer = BillingClient.customer(port);
    }

    @Test
    void sendsEventsThatKeepTheirContractOnEveryWayAnOrderMayGo() throws Exception {
        SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        String copies = "copies." + UUID.randomUUID();
        admin.declareQueue(QueueBuilder.durable(copies).build());
        admin.declareBinding(new Binding(copies, Binding.DestinationType.QUEUE, EXCHANGE, "#", null));
        String trace = "0af7651916cd43dd8448eb211c80319c";

        UUID confirmed = customer.order(
                        inventory.film(1, 100),
                        1,
                        100,
                        "pm_card_visa",
                        "traceparent",
                        "00-" + trace + "-b7ad6b7169203331-01")
                .id();
        UUID scarce =
                customer.order(inventory.film(0, 100), 1, 100, "pm_card_visa").id();
        UUID unknown = customer.order(UUID.randomUUID(), 1, 100, "pm_card_visa").id();
        UUID dear =
                customer.order(inventory.film(1, 101), 1, 100, "pm_card_visa").id();
        UUID declined = customer.order(inventory.film(1, 100), 1, 100, "pm_card_chargeDeclinedInsufficientFunds")
                .id();
        List<UUID> all = new ArrayList<>(List.of(confirmed, scarce, unknown, dear, declined));
        all.add(cancelled());
        all.add(givenUp());
        all.forEach(order -> customer.get("/api/orders/" + order, "Prefer", "wait=30"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(all.stream().mapToLong(this::unsent).sum()).isZero());

        List<String> seen = new ArrayList<>();
        for (Message message = rabbit.receive(copies); message != null; message = rabbit.receive(copies)) {
            String body = new String(message.getBody(), StandardCharsets.UTF_8);
            if (all.stream().noneMatch(order -> body.contains(order.toString()))) {
                continue;
            }
            String type = message.getMessageProperties().getType();
            Schema contract = schemas.getSchema(Files.readString(Path.of("api/events/" + type + ".schema.json")));
            assertThat(contract.validate(body, InputFormat.JSON)).as(body).isEmpty();
            assertThat(contract.validate("{\"orderId\": \"" + confirmed + "\"}", InputFormat.JSON))
                    .isNotEmpty();
            assertThat(body).contains(message.getMessageProperties().getMessageId());
            if (body.contains(confirmed.toString())) {
                assertThat(message.getMessageProperties().<String>getHeader("traceparent"))
                        .contains(trace);
            }
            if (type.equals("order-state-changed")) {
                seen.add(message.getMessageProperties().getReceivedRoutingKey());
            }
        }
        assertThat(seen).hasSize(4 + 3 + 3 + 3 + 4 + 3 + 3);
        assertThat(Set.copyOf(seen))
                .containsExactlyInAnyOrderElementsOf(EnumSet.allOf(OrderState.class).stream()
                        .map(OrderState::routingKey)
                        .toList());
        admin.deleteQueue(copies);
    }

    /** Taken back before anything was begun. */
    private UUID cancelled() {
        listeners.getListenerContainer("order-steps").stop();
        try {
            UUID order = customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa")
                    .id();
            customer.post("/api/orders/" + order + "/cancellation", "");
            return order;
        } finally {
            listeners.getListenerContainer("order-steps").start();
        }
    }

    /** Parked and given up by an operator. */
    private UUID givenUp() {
        listeners.getListenerContainer("order-steps").stop();
        try {
            UUID order = customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa")
                    .id();
            jdbc.sql("UPDATE order_steps SET parked_at = now(), parked_reason = 'test' WHERE order_id = :id")
                    .param("id", order)
                    .update();
            BillingClient.of(port, "operator", "ops")
                    .post("/api/operations/parked-orders/" + order + "/abandonment", "{\"reason\": \"test\"}");
            return order;
        } finally {
            listeners.getListenerContainer("order-steps").start();
        }
    }

    @Test
    void readsOverFieldsItDoesNotKnow() {
        listeners.getListenerContainer("order-steps").stop();
        UUID order =
                customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa").id();
        await().untilAsserted(() -> assertThat(unsent(order)).isZero());
        String marker = UUID.randomUUID().toString();
        rabbit.send(EXCHANGE, "order.placed", json("""
                {"type": "order-state-changed", "schemaVersion": 1, "orderId": "%s", "version": 1,
                 "later": {"than": ["this", "version"]}, "marker": "%s"}""".formatted(order, marker)));
        listeners.getListenerContainer("order-steps").start();

        assertThat(customer.get("/api/orders/" + order, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
        assertThat(parkedReasons(marker)).isEmpty();
    }

    @Test
    void parksTenMegabytesWholeWithoutHarmToItsNeighbours() {
        String stranger = UUID.randomUUID().toString();
        String large = "{\"x\": \"" + stranger + "x".repeat(10 * 1024 * 1024) + "\"}";
        UUID film = inventory.film(5, 100);

        UUID before = customer.order(film, 1, 100, "pm_card_visa").id();
        rabbit.send(EXCHANGE, "order.placed", json(large));
        UUID after = customer.order(film, 1, 100, "pm_card_visa").id();

        for (UUID neighbour : List.of(before, after)) {
            assertThat(customer.get("/api/orders/" + neighbour, "Prefer", "wait=30")
                            .state())
                    .isEqualTo("CONFIRMED");
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(parkedReasons(stranger)).containsExactly("too-large"));
        assertThat(jdbc.sql("SELECT octet_length(body) FROM parked_messages"
                                + " WHERE position(convert_to(:text, 'UTF8') IN body) > 0")
                        .param("text", stranger)
                        .query(Integer.class)
                        .single())
                .isEqualTo(large.length());
        // Acknowledged: it does not come back when its receiver does.
        listeners.getListenerContainer("order-steps").stop();
        listeners.getListenerContainer("order-steps").start();
        UUID later = customer.order(film, 1, 100, "pm_card_visa").id();
        assertThat(customer.get("/api/orders/" + later, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
        assertThat(parkedReasons(stranger)).hasSize(1);
    }

    @Test
    void takesOrdersInWhileTheBrokerIsDownAndWorksThemOffAfterwards() {
        assumeFalse("containers".equals(System.getenv("STORES")), "The devstack's broker has the switch");
        UUID film = inventory.film(5, 100);

        Reply placed;
        TestStores.broker().stop();
        try {
            placed = customer.order(film, 1, 100, "pm_card_visa");
            assertThat(placed.status()).isEqualTo(202);
            assertThat(unsent(placed.id())).isEqualTo(1);
        } finally {
            TestStores.broker().start();
        }

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                customer.get("/api/orders/" + placed.id()).state())
                        .isEqualTo("CONFIRMED"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(unsent(placed.id())).isZero());
    }

    @Test
    void sellsOnceWhenEveryMessageComesThreeTimes() {
        UUID film = inventory.film(10, 100);
        UUID order = customer.order(film, 1, 100, "pm_card_visa").id();
        customer.get("/api/orders/" + order, "Prefer", "wait=30");
        List<String> events = jdbc.sql(
                        "SELECT payload FROM outbox WHERE aggregate_id = :id ORDER BY aggregate_version DESC")
                .param("id", order)
                .query(String.class)
                .list();

        for (int copy = 0; copy < 3; copy++) {
            events.forEach(event -> rabbit.send(EXCHANGE, "order.placed", json(event)));
        }
        UUID next = customer.order(film, 1, 100, "pm_card_visa").id();

        assertThat(customer.get("/api/orders/" + next, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
        assertThat(customer.get("/api/orders/" + order).json().path("version").asInt())
                .isEqualTo(4);
        assertThat(inventory.available(film)).isEqualTo(8);
    }

    @Test
    void keepsAnUnroutableMessageUnsentUntilItCanBeDelivered() {
        var binding = BindingBuilder.bind(QueueBuilder.durable(QUEUE).build())
                .to(new TopicExchange(EXCHANGE))
                .with("order.#");
        double before = undelivered();
        UUID order;
        listeners.getListenerContainer("order-news").stop();
        admin.removeBinding(binding);
        admin.deleteQueue(newsQueue);
        try {
            order = customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa")
                    .id();

            await().untilAsserted(() -> assertThat(undelivered()).isGreaterThan(before));
            assertThat(unsent(order)).isEqualTo(1);
            assertThat(jdbc.sql("SELECT attempts, last_error FROM outbox WHERE aggregate_id = :id")
                            .param("id", order)
                            .query((row, number) -> row.getInt(1) + " " + row.getString(2))
                            .single())
                    .matches("[1-9]\\d* (returned|nacked): .*");
        } finally {
            admin.declareBinding(binding);
            listeners.getListenerContainer("order-news").start();
        }

        await().untilAsserted(() -> assertThat(unsent(order)).isZero());
        assertThat(customer.get("/api/orders/" + order, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
    }

    @Autowired
    org.springframework.amqp.core.Queue orderNewsQueue;

    String newsQueue;

    @BeforeEach
    void nameTheNewsQueue() {
        newsQueue = orderNewsQueue.getName();
    }

    @Test
    void parksWhatCannotBeReadAndGoesOn() {
        String stranger = UUID.randomUUID().toString();
        String good = "{\"type\": \"order-state-changed\", \"schemaVersion\": 1, \"orderId\": \"%s\", \"version\": 1}";
        List<String> poison = List.of(
                "not json " + stranger,
                "[\"" + stranger + "\"]",
                "{\"type\": \"film-changed\", \"orderId\": \"" + stranger + "\"}",
                good.formatted(stranger).replace(": 1,", ": 2,"),
                good.formatted(stranger).replace("\"version\": 1}", "\"version\": 0}"),
                good.formatted("x" + stranger),
                good.replace("\"%s\"", "null, \"x\": \"%s\"").formatted(stranger),
                good.formatted(stranger),
                "{\"x\": \"" + stranger + "x".repeat(70_000) + "\"}");

        poison.forEach(body -> rabbit.send(EXCHANGE, "order.placed", json(body)));
        UUID order =
                customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa").id();

        assertThat(customer.get("/api/orders/" + order, "Prefer", "wait=30").state())
                .isEqualTo("CONFIRMED");
        await().untilAsserted(() -> assertThat(parkedReasons(stranger))
                .containsExactlyInAnyOrder(
                        "malformed",
                        "malformed",
                        "unknown-type",
                        "unknown-schema",
                        "malformed",
                        "malformed",
                        "malformed",
                        "unknown-order",
                        "too-large"));
    }

    private static Message json(String body) {
        return MessageBuilder.withBody(body.getBytes(StandardCharsets.UTF_8))
                .setContentType("application/json")
                .build();
    }

    private List<String> parkedReasons(String text) {
        return jdbc.sql("SELECT reason FROM parked_messages WHERE position(convert_to(:text, 'UTF8') IN body) > 0")
                .param("text", text)
                .query(String.class)
                .list();
    }

    private long unsent(UUID order) {
        return jdbc.sql("SELECT count(*) FROM outbox WHERE aggregate_id = :id AND sent_at IS NULL")
                .param("id", order)
                .query(Long.class)
                .single();
    }

    private double undelivered() {
        return meters.find("outbox.undelivered").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
