package dev.gatehouse.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The committed contract is what the service serves; {@code -Dopenapi.update=true} writes it anew. */
@BillingIntegrationTest
class OpenApiContractIT {

    private static final Path CONTRACT = Path.of("api/openapi.yaml");

    @LocalServerPort
    int port;

    @Test
    void servesTheCommittedContract() throws Exception {
        String served = get("/v3/api-docs.yaml");
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(CONTRACT, served);
        }

        assertThat(Files.readString(CONTRACT)).isEqualTo(served);
    }

    @Test
    void documentsEveryOperationWholly() throws Exception {
        JsonNode document = JsonMapper.builder().build().readTree(get("/v3/api-docs"));

        List<String> operationIds = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    operationIds.add(operation.getValue().path("operationId").asString());
                    assertThat(operation.getValue().path("summary").asString())
                            .as(path.getKey())
                            .isNotBlank();
                    operation.getValue().path("responses").properties().forEach(response -> {
                        String where = operation.getKey() + " " + path.getKey() + " " + response.getKey();
                        assertThat(response.getValue().path("description").asString())
                                .as(where)
                                .isNotBlank();
                        if (response.getKey().compareTo("400") >= 0) {
                            assertThat(response.getValue()
                                            .at("/content/application~1problem+json/schema/$ref")
                                            .asString())
                                    .as(where)
                                    .isEqualTo("#/components/schemas/Problem");
                        }
                    });
                    assertThat(operation.getValue().path("responses").propertyNames())
                            .as(path.getKey())
                            .contains("400", "401", "403", "500", "503");
                }));

        assertThat(operationIds)
                .containsExactlyInAnyOrder(
                        "placeOrder",
                        "getOrder",
                        "listOrders",
                        "cancelOrder",
                        "followOrder",
                        "getCart",
                        "putCartItem",
                        "deleteCartItem",
                        "deleteCart",
                        "listOperatorActions",
                        "takePaymentEvent",
                        "refundOrder",
                        "listRefunds",
                        "getRefund",
                        "retryRefund",
                        "listParkedOrders",
                        "inspectOrder",
                        "replayOrder",
                        "replayOrders",
                        "giveUpOrder",
                        "listParkedMessages",
                        "inspectMessage",
                        "replayMessage",
                        "replayMessages",
                        "discardMessage",
                        "listUnsentMessages",
                        "sendMessageNow",
                        "exportMyData",
                        "eraseMe",
                        "eraseCustomer",
                        "reconcile",
                        "listReconciliations",
                        "getReconciliation");
        assertThat(document.at("/servers/0/url").asString()).isEqualTo("/");
        assertThat(document.at("/components/securitySchemes/oidc/flows/authorizationCode/tokenUrl")
                        .asString())
                .isEqualTo("https://issuer.example/oauth2/token");
    }

    private String get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }
}
