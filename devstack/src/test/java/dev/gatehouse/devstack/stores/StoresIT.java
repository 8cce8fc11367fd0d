package dev.gatehouse.devstack.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

class StoresIT {

    @Test
    void givesTheSameDatabaseForTheSameName() throws Exception {
        Database first = TestStores.postgres().database("inventory");
        Database again = TestStores.postgres().database("inventory");

        assertThat(again).isSameAs(first);
        try (var connection = DriverManager.getConnection(first.url(), first.username(), first.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
            try (var row = statement.executeQuery(
                    "SELECT current_setting('fsync'), similarity('Amélie', 'Amelie') > 0.3, lower('É')")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("on");
                assertThat(row.getBoolean(2)).isTrue();
                assertThat(row.getString(3)).isEqualTo("é");
            }
        }
    }

    @Test
    void keepsOneServiceOutOfAnothersDatabase() {
        Database inventory = TestStores.postgres().database("inventory");
        Database billing = TestStores.postgres().database("billing");

        assertThatThrownBy(() -> DriverManager.getConnection(inventory.url(), billing.username(), billing.password()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> DriverManager.getConnection(inventory.url(), inventory.username(), "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void startsABrokerThatTakesAConnection() throws Exception {
        AmqpBroker broker = TestStores.broker();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.username());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());

        try (var connection = factory.newConnection()) {
            assertThat(connection.createChannel().queueDeclare().getQueue()).isNotEmpty();
        }
    }

    @Test
    void issuesTokensThatItsOwnKeysVerify() {
        TestIssuer issuer = TestStores.issuer();
        JwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(issuer.issuerUri())
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                .build();

        var token = decoder.decode(issuer.token("alice", "orders.read", "orders.write"));

        assertThat(token.getSubject()).isEqualTo("alice");
        assertThat(token.getAudience()).isEqualTo(List.of("gatehouse"));
        assertThat(token.getClaimAsString("scope")).isEqualTo("orders.read orders.write");
    }

    @Test
    void givesAClientItsTokenAndRefusesTheUnknown() throws Exception {
        TestIssuer issuer = TestStores.issuer();
        String basic = Base64.getEncoder().encodeToString("billing:secret".getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer.tokenUri()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope="
                        + URLEncoder.encode("stock.reserve ops", StandardCharsets.UTF_8)));

        try (HttpClient client = HttpClient.newHttpClient()) {
            var refused = client.send(request.build(), BodyHandlers.ofString());
            var given = client.send(
                    request.header("Authorization", "Basic " + basic).build(), BodyHandlers.ofString());

            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(given.statusCode()).isEqualTo(200);
            assertThat(given.body()).contains("\"scope\": \"stock.reserve ops\"");
        }
    }
}
