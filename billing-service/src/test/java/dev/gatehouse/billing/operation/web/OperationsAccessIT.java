package dev.gatehouse.billing.operation.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingClient;
import dev.gatehouse.billing.BillingClient.Reply;
import dev.gatehouse.billing.BillingIntegrationTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Whatever is below {@code /api/operations}, known or not, is for operators alone. */
@BillingIntegrationTest
class OperationsAccessIT {

    @LocalServerPort
    int port;

    @ParameterizedTest
    @ValueSource(strings = {"/api/operations", "/api/operations/actions", "/api/operations/nothing/here"})
    void refusesWhoeverIsNoOperator(String path) {
        BillingClient customer = BillingClient.customer(port);
        BillingClient manager = BillingClient.of(port, "manager", "catalogue.write", "stock.write", "orders.read");

        for (BillingClient caller : new BillingClient[] {customer, manager}) {
            for (String method : new String[] {"GET", "POST", "PUT", "DELETE"}) {
                Reply reply = caller.send(method, path, "");
                assertThat(reply.status()).as(method + " " + path).isEqualTo(403);
                assertThat(reply.problem()).isEqualTo("forbidden");
            }
            assertThat(caller.withToken("nonsense").get(path).status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/operations", "/api/operations/nothing/here"})
    void letsOperatorsThrough(String path) {
        Reply reply = BillingClient.of(port, "operator", "ops").get(path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.problem()).isEqualTo("not-found");
    }
}
