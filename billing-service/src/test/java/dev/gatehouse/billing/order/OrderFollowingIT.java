package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The ways to learn of an order's outcome. */
@BillingIntegrationTest
class OrderFollowingIT {

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    BillingClient customer;

    @BeforeEach
    void meetANewCustomer() {
        customer = BillingClient.customer(port);
    }

    @AfterEach
    void bringInventoryBack() {
        inventory.down(false);
    }

    @Test
    void tellsEveryStateAndEndsWithTheFinalOne() throws Exception {
        UUID order =
                customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa").id();

        HttpResponse<Stream<String>> stream = follow(order);
        List<String> lines = stream.body().toList();

        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(lines).filteredOn(line -> line.startsWith("id:")).containsExactly("id:1", "id:2", "id:3", "id:4");
        assertThat(lines).filteredOn(line -> line.startsWith("event:")).containsOnly("event:state");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("data:"))
                .last()
                .asString()
                .contains("\"orderId\":\"" + order + "\"", "\"state\":\"CONFIRMED\"", "\"version\":4", "\"at\":\"");
    }

    @Test
    void continuesAfterTheLastEventThatWasSeen() throws Exception {
        UUID order =
                customer.order(inventory.film(0, 100), 1, 100, "pm_card_visa").id();
        customer.get("/api/orders/" + order, "Prefer", "wait=30");

        List<String> lines = follow(order, "Last-Event-ID", "2").body().toList();

        assertThat(lines).filteredOn(line -> line.startsWith("id:")).containsExactly("id:3");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("data:"))
                .singleElement()
                .asString()
                .contains("\"reason\":\"insufficient-stock\"");
    }

    @Test
    void tellsAClientThatHasSeenTheEndNotToComeBack() {
        UUID order =
                customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa").id();
        customer.get("/api/orders/" + order, "Prefer", "wait=30");

        Reply done = customer.get("/api/orders/" + order + "/events", "Last-Event-ID", "4");
        Reply wrong = customer.get("/api/orders/" + order + "/events", "Last-Event-ID", "four");

        assertThat(done.status()).isEqualTo(204);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("errors").path(0).path("field").asString()).isEqualTo("Last-Event-ID");
    }

    @Test
    void waitsForTheOutcomeAsLongAsTheClientPrefers() {
        Reply outcome =
                customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa", "Prefer", "respond-async, wait=20");

        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.state()).isEqualTo("CONFIRMED");
        assertThat(outcome.header("Location")).isEqualTo("/api/orders/" + outcome.id());
        assertThat(outcome.header("Preference-Applied")).isEqualTo("wait=20");
    }

    @Test
    void answersBeforeTheOutcomeWhenTheTimeIsOver() {
        inventory.down(true);

        Reply early = customer.order(inventory.film(1, 100), 1, 100, "pm_card_visa", "Prefer", "wait=1");
        Reply read = customer.get("/api/orders/" + early.id(), "Prefer", "wait=0");

        assertThat(early.status()).isEqualTo(202);
        assertThat(early.state()).isEqualTo("PLACED");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("Preference-Applied")).isEqualTo("wait=0");
    }

    private HttpResponse<Stream<String>> follow(UUID order, String... headers) throws Exception {
        var request = customer.request("/api/orders/" + order + "/events", headers)
                .header("Accept", "text/event-stream")
                .build();
        return BillingClient.http().send(request, BodyHandlers.ofLines());
    }
}
