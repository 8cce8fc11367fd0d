package dev.gatehouse.billing.cart.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.devstack.stores.TestStores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@BillingIntegrationTest
class CartApiIT {

    private static final String PROBLEMS = "https://gatehouse.dev/problems/";

    @LocalServerPort
    int port;

    @Autowired
    InventoryStub inventory;

    private final String customer = "customer-" + UUID.randomUUID();
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void showsAnEmptyCart() throws Exception {
        var answer = send("GET", "/api/cart", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode cart = json.readTree(answer.body());
        assertThat(cart.path("items").isEmpty()).isTrue();
        assertThat(cart.path("total").isNull()).isTrue();
        assertThat(cart.path("expiresAt").isNull()).isTrue();
    }

    @Test
    void putsReadsAndRemovesAnItem() throws Exception {
        UUID film = inventory.film(9, 1250);

        var put = send("PUT", "/api/cart/items/" + film, "{\"quantity\": 2}");
        var read = send("GET", "/api/cart", null);
        var removed = send("DELETE", "/api/cart/items/" + film, null);
        var again = send("DELETE", "/api/cart/items/" + film, null);
        var empty = send("GET", "/api/cart", null);

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(read.statusCode()).isEqualTo(200);
        JsonNode cart = json.readTree(read.body());
        assertThat(cart.path("items").get(0))
                .isEqualTo(json.readTree(put.body()).path("items").get(0));
        assertThat(cart.path("items").get(0).toString()).isEqualTo("""
                        {"filmId":"%s","title":"Film %s","quantity":2,"unitPrice":{"amountMinor":1250,"currency":"EUR"}}""".formatted(film, film));
        assertThat(cart.path("total").path("amountMinor").longValue()).isEqualTo(2500);
        assertThat(cart.path("expiresAt").stringValue()).endsWith("Z");
        assertThat(removed.statusCode()).isEqualTo(204);
        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(json.readTree(empty.body()).path("items").isEmpty()).isTrue();
    }

    @Test
    void emptiesTheCart() throws Exception {
        send("PUT", "/api/cart/items/" + inventory.film(9, 1250), "{\"quantity\": 2}");

        assertThat(send("DELETE", "/api/cart", null).statusCode()).isEqualTo(204);
        assertThat(json.readTree(send("GET", "/api/cart", null).body())
                        .path("items")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void answersAnUnknownFilmWithNotFound() throws Exception {
        assertProblem(send("PUT", "/api/cart/items/" + UUID.randomUUID(), "{\"quantity\": 2}"), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                               | quantity",
                "{\"quantity\": null}             | quantity",
                "{\"quantity\": 0}                | quantity",
                "{\"quantity\": 101}              | quantity",
                "{\"quantity\": \"two\"}          | quantity",
                "{\"quantity\": 1.5}              | quantity",
                "{\"quantity\": 1, \"price\": 0}  | price"
            })
    void namesTheFieldThatIsWrong(String body, String field) throws Exception {
        var answer = send("PUT", "/api/cart/items/" + inventory.film(1, 1), body);

        assertProblem(answer, 400, "invalid-request");
        assertThat(json.readTree(answer.body())
                        .path("errors")
                        .get(0)
                        .path("field")
                        .stringValue())
                .isEqualTo(field);
    }

    @Test
    void answersAFilmIdThatIsNoneWithInvalidRequest() throws Exception {
        assertProblem(send("PUT", "/api/cart/items/metropolis", "{\"quantity\": 2}"), 400, "invalid-request");
    }

    @Test
    void saysWhenToRepeatWhileInventoryIsAway() throws Exception {
        UUID film = inventory.film(9, 1250);
        inventory.down(true);
        try {
            var answer = send("PUT", "/api/cart/items/" + film, "{\"quantity\": 2}");

            assertProblem(answer, 503, "service-unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        } finally {
            inventory.down(false);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/cart, orders.write",
        "PUT, /api/cart/items/0199d3a0-0000-7000-8000-0000000000a1, orders.read",
        "DELETE, /api/cart/items/0199d3a0-0000-7000-8000-0000000000a1, orders.read",
        "DELETE, /api/cart, orders.read"
    })
    void asksForTheScopeOfTheOperation(String method, String path, String otherScope) throws Exception {
        String body = method.equals("PUT") ? "{\"quantity\": 1}" : null;

        assertProblem(send(method, path, body, TestStores.issuer().token(customer, otherScope)), 403, "forbidden");
    }

    private void assertProblem(HttpResponse<String> answer, int status, String slug) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json.readTree(answer.body()).path("type").stringValue()).isEqualTo(PROBLEMS + slug);
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(method, path, body, TestStores.issuer().token(customer, "orders.read", "orders.write"));
    }

    private HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
