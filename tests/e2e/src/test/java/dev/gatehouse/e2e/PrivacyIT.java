package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.supervisor.Service;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who is forgotten is in no database any more, neither billing's nor inventory's. */
class PrivacyIT {

    @Test
    void customerIsInNoTableOfEitherDatabaseAfterTheErasure() throws SQLException {
        Caller customer = Gatehouse.otherCustomer();
        Caller manager = Gatehouse.manager();
        Caller.Answer created = manager.post("/api/films", """
                {"title": "Forgotten %s", "year": 1999, "genres": ["drama"],
                 "price": {"amountMinor": 1299, "currency": "EUR"}}""".formatted(UUID.randomUUID()));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String film = created.read("$.id");
        manager.post("/api/films/" + film + "/stock/adjustments", """
                {"adjustmentId": "%s", "delta": 10, "reason": "delivery"}""".formatted(UUID.randomUUID()));
        String key = "\"" + UUID.randomUUID() + "\"";
        Caller.Answer sold = await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> customer.post(
                                "/api/orders", """
                                {"lines": [{"filmId": "%s", "quantity": 1,
                                            "unitPrice": {"amountMinor": 1299, "currency": "EUR"}}],
                                 "paymentMethod": "pm_card_mastercard"}""".formatted(film), "Idempotency-Key", key, "Prefer", "wait=25"),
                        answer -> answer.status() == 200);
        assertThat(sold.<String>read("$.state")).isEqualTo("CONFIRMED");
        String subject = sold.read("$.customer");
        assertThat(customer.get("/api/customers/me/data").<String>read("$.orders[0].id"))
                .isEqualTo(sold.<String>read("$.id"));
        assertThat(tablesWith(Service.BILLING, subject)).contains("orders", "idempotency_keys");

        Caller.Answer erased = customer.delete("/api/customers/me");

        assertThat(erased.status()).as(erased.body()).isEqualTo(204);
        for (String trace : List.of(subject, "pm_card_mastercard")) {
            assertThat(tablesWith(Service.BILLING, trace)).isEmpty();
            assertThat(tablesWith(Service.INVENTORY, trace)).isEmpty();
        }
        assertThat(customer.get("/api/orders").<List<Object>>read("$.items")).isEmpty();
    }

    private static List<String> tablesWith(Service service, String text) throws SQLException {
        Database database = Gatehouse.database(service);
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        List<String> found = new ArrayList<>();
        try (var connection = DriverManager.getConnection(database.url(), database.username(), database.password());
                var tables = connection
                        .createStatement()
                        .executeQuery("SELECT quote_ident(table_name) FROM information_schema.tables"
                                + " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")) {
            while (tables.next()) {
                try (var count = connection.prepareStatement("SELECT count(*) FROM " + tables.getString(1)
                        + " AS r WHERE position(? IN r::text) > 0 OR position(? IN r::text) > 0")) {
                    count.setString(1, text);
                    count.setString(2, hex);
                    try (var rows = count.executeQuery()) {
                        rows.next();
                        if (rows.getLong(1) > 0) {
                            found.add(tables.getString(1));
                        }
                    }
                }
            }
        }
        return found;
    }
}
