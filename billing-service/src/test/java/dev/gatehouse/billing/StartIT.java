package dev.gatehouse.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.TestStores;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

@BillingIntegrationTest
class StartIT {

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void isReadyWithoutAToken() throws Exception {
        var answer = get(managementPort, "/actuator/health/readiness", null);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void refusesStrangersInTheShapeOfAProblem() throws Exception {
        var answer = get(port, "/api/orders", null);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body())
                .contains("https://gatehouse.dev/problems/unauthenticated", "\"instance\":\"/api/orders\"");
    }

    @Test
    void answersAnUnknownPathWithAProblem() throws Exception {
        var answer = get(port, "/api/nothing", TestStores.issuer().token("somebody", "orders.read"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("https://gatehouse.dev/problems/not-found");
    }

    private java.net.http.HttpResponse<String> get(int port, String path, String token) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
