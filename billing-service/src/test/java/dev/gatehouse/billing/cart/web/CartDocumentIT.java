package dev.gatehouse.billing.cart.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingIntegrationTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@BillingIntegrationTest
class CartDocumentIT {

    @LocalServerPort
    int port;

    @Test
    void saysThatAnEmptyCartHasNeitherTotalNorExpiry() throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs"))
                                .build(),
                        BodyHandlers.ofString());

        JsonNode cart = JsonMapper.builder().build().readTree(answer.body()).at("/components/schemas/Cart/properties");
        assertThat(cart.at("/total/anyOf").toString())
                .isEqualTo("[{\"$ref\":\"#/components/schemas/Money\"},{\"type\":\"null\"}]");
        assertThat(cart.at("/expiresAt/type").toString()).isEqualTo("[\"string\",\"null\"]");
    }
}
