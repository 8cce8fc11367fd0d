package dev.gatehouse.inventory.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.IntegrationTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code api/openapi.yaml} is what this service offers; write it anew with {@code -Dopenapi.update=true}. */
@IntegrationTest
class OpenApiContractIT {

    private static final Path CONTRACT = Path.of("api/openapi.yaml");

    @LocalServerPort
    int port;

    @Test
    void servesTheContractThatIsCommitted() throws IOException, InterruptedException {
        String served = get("/v3/api-docs.yaml");
        if (Boolean.getBoolean("openapi.update")) {
            Files.createDirectories(CONTRACT.getParent());
            Files.writeString(CONTRACT, served);
        }

        assertThat(CONTRACT).hasContent(served);
    }

    @Test
    void documentsEveryOperationWhole() throws IOException, InterruptedException {
        JsonNode document = new JsonMapper().readTree(get("/v3/api-docs"));
        List<String> ids = new ArrayList<>();

        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                JsonNode operation = method.getValue();
                String id = operation.path("operationId").asString();
                ids.add(id);
                JsonNode responses = operation.path("responses");
                assertThat(operation.path("summary").asString("")).as(id).isNotBlank();
                assertThat(responses.propertyNames()).as(id).contains("400", "500", "503");
                if (!method.getKey().equals("get")) {
                    assertThat(operation.path("security").isEmpty()).as(id).isFalse();
                }
                if (!operation.path("security").isEmpty()) {
                    assertThat(responses.propertyNames()).as(id).contains("401", "403");
                }
                operation
                        .path("requestBody")
                        .path("content")
                        .forEachEntry((type, content) -> assertThat(
                                        content.path("examples").isEmpty())
                                .as(id + " " + type)
                                .isFalse());
            }
        }

        assertThat(ids).hasSize(14).doesNotHaveDuplicates();
        assertThat(document.at("/servers/0/url").asString()).isEqualTo("/");
        assertThat(document.at("/components/securitySchemes/oidc/flows/authorizationCode/tokenUrl")
                        .asString())
                .isEqualTo("https://issuer.example/oauth2/token");
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
