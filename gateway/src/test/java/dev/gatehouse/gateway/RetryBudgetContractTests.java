package dev.gatehouse.gateway;

import static dev.gatehouse.gateway.GatewayTest.INVENTORY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Mono;

@GatewayTest
@TestPropertySource(properties = {"gateway.retry.reserve=5", "gateway.retry.pause=2ms"})
class RetryBudgetContractTests {

    @LocalServerPort
    private int port;

    @Test
    void repeatsTheReserveAndAFifthHoweverManyRequestsFail() {
        INVENTORY.answer(
                "/api/films/1",
                (seen, response) ->
                        Mono.fromRunnable(() -> response.withConnection(connection -> connection.dispose())));

        for (int i = 0; i < 50; i++) {
            assertThat(RawClient.exchange(port, "GET /api/films/1").status()).isEqualTo(502);
        }

        // The first request finds the reserve full, so its fifth is not saved; 0.8 of a repeat is left in the end.
        assertThat(INVENTORY.begun()).isEqualTo(50 + 5 + 9);
    }
}
