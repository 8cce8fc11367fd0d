package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The operator's port is apart from the public one. */
@GatewayTest
class ManagementContractTests {

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/readiness",
                "/actuator/health/liveness",
                "/actuator/info",
                "/actuator/prometheus",
                "/actuator/metrics"
            })
    void servesReadOnlyEndpointsWithoutAToken(String path) {
        assertThat(RawClient.exchange(managementPort, "GET " + path).status()).isEqualTo(200);
        assertThat(RawClient.exchange(port, "GET " + path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /actuator/gateway",
                "GET /actuator/gateway/routes",
                "POST /actuator/gateway/refresh",
                "GET /actuator/env",
                "GET /actuator/beans",
                "GET /actuator/heapdump",
                "POST /actuator/shutdown",
                "POST /actuator/refresh",
                "GET /api/films"
            })
    void servesNothingElse(String requestLine) {
        assertThat(RawClient.exchange(managementPort, requestLine, "Content-Length: 0")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void leavesTheEdgeFiltersToThePublicPort() {
        Reply reply = RawClient.exchange(managementPort, "GET /actuator/health", "Origin: https://evil.example");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.all("X-Request-Id")).isEmpty();
    }

    @Test
    void countsRequestsByRouteAndTheConnectionsOfThePool() {
        RawClient.exchange(port, "GET /api/films");

        assertThat(RawClient.exchange(managementPort, "GET /actuator/prometheus")
                        .body())
                .containsPattern("spring_cloud_gateway_requests_seconds_count\\{[^}]*routeId=\"films\"")
                .contains("reactor_netty_connection_provider_max_connections{application=\"gateway\"");
    }
}
