package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Port 1 of this machine: nobody is there. */
@IntegrationTest
@TestPropertySource(properties = "spring.security.oauth2.resourceserver.jwt.issuer-uri=http://127.0.0.1:1")
class IssuerOutageIT {

    @Autowired
    Caller caller;

    @Test
    void answers503WhenTokensCannotBeChecked() {
        Answer answer = caller.post("/api/films", Films.minimal("T")).asEditor().send();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("service-unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void servesWhoeverNeedsNoToken() {
        assertThat(caller.get("/api/films").send().status()).isEqualTo(200);
    }
}
