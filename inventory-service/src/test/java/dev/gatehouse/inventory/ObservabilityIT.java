package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@IntegrationTest
class ObservabilityIT {

    @Autowired
    Caller caller;

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness"})
    void isWell(String path) {
        // The first connection to Redis may take longer than its timeout on a busy machine.
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer answer = caller.management(path).send();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("status").asString()).isEqualTo("UP");
        });
    }

    @Test
    void countsWhatThisServiceIsAbout() {
        caller.get("/api/films").send();
        caller.get("/api/films/" + UUID.randomUUID()).send();
        caller.call("POST", "/api/reservations/" + UUID.randomUUID() + "/release")
                .asEditor()
                .send();

        String metrics = caller.management("/actuator/prometheus").send().body();

        assertThat(metrics)
                .contains(
                        "inventory_cache_reads_total{application=\"inventory-service\",cache=\"film:1\",result=\"miss\"}")
                .contains("inventory_reservations_total{application=\"inventory-service\",outcome=\"released\"}")
                .contains("http_server_requests_seconds_count{")
                .contains("uri=\"/api/films/{id}\"")
                .contains("hikaricp_connections_active{application=\"inventory-service\",pool=\"writer\"}");
    }

    @Test
    void exposesNothingElse() {
        for (String endpoint : new String[] {"env", "beans", "heapdump", "loggers", "shutdown"}) {
            assertThat(caller.management("/actuator/" + endpoint)
                            .asEditor()
                            .send()
                            .status())
                    .as(endpoint)
                    .isEqualTo(404);
        }
    }
}
