package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@IntegrationTest
class StockIT {

    @Autowired
    Caller caller;

    @Autowired
    JdbcClient jdbc;

    @Test
    void startsWithNone() {
        Answer level = caller.get(film() + "/stock").send();

        assertThat(level.status()).isEqualTo(200);
        assertThat(level.json().path("available").asInt()).isZero();
        assertThat(level.json().path("reserved").asInt()).isZero();
    }

    @Test
    void countsAnAdjustmentOnce() {
        String film = film();
        String adjustment = adjustment(UUID.randomUUID(), 7, "delivery");

        Answer first =
                caller.post(film + "/stock/adjustments", adjustment).asEditor().send();
        Answer again =
                caller.post(film + "/stock/adjustments", adjustment).asEditor().send();

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("available").asInt()).isEqualTo(7);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(caller.get(film + "/stock").send().json()).isEqualTo(first.json());
    }

    @Test
    void recordsWhoAdjustedWhatAndWhy() {
        String film = film();
        UUID id = UUID.randomUUID();
        caller.post(film + "/stock/adjustments", adjustment(id, 7, "delivery"))
                .asEditor()
                .send();

        assertThat(jdbc.sql("SELECT adjusted_by || ' ' || delta || ' ' || reason FROM stock_adjustments WHERE id = ?")
                        .param(id)
                        .query(String.class)
                        .single())
                .isEqualTo("editor 7 delivery");
    }

    @Test
    void refusesToUseAnAdjustmentsIdForSomethingElse() {
        String film = film();
        UUID id = UUID.randomUUID();
        caller.post(film + "/stock/adjustments", adjustment(id, 7, "delivery"))
                .asEditor()
                .send();

        Answer other = caller.post(film + "/stock/adjustments", adjustment(id, 8, "delivery"))
                .asEditor()
                .send();
        Answer elsewhere = caller.post(film() + "/stock/adjustments", adjustment(id, 7, "delivery"))
                .asEditor()
                .send();

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.problem()).isEqualTo("conflict");
        assertThat(elsewhere.status()).isEqualTo(409);
    }

    @Test
    void neverTakesMoreThanThereIs() {
        String film = film();
        caller.post(film + "/stock/adjustments", adjustment(UUID.randomUUID(), 3, "delivery"))
                .asEditor()
                .send();
        UUID id = UUID.randomUUID();

        Answer answer = caller.post(film + "/stock/adjustments", adjustment(id, -4, "damage"))
                .asEditor()
                .send();

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("insufficient-stock");
        assertThat(answer.errors()).containsExactly("delta:insufficient-stock");
        assertThat(answer.json().at("/errors/0/limit").asInt()).isEqualTo(3);
        assertThat(caller.get(film + "/stock").send().json().path("available").asInt())
                .isEqualTo(3);

        Answer less = caller.post(film + "/stock/adjustments", adjustment(id, -3, "damage"))
                .asEditor()
                .send();

        // The refused one left no trace, so its id is free.
        assertThat(less.json().path("available").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0,delta:out-of-range",
        "1000001,delta:out-of-range",
        "-1000001,delta:out-of-range",
        "1.5,delta:wrong-type"
    })
    void refusesAnAdjustmentThatIsNone(String delta, String error) {
        String body = "{\"adjustmentId\": \"" + UUID.randomUUID() + "\", \"delta\": " + delta + ", \"reason\": \"r\"}";

        assertThat(caller.post(film() + "/stock/adjustments", body)
                        .asEditor()
                        .send()
                        .errors())
                .containsExactly(error);
    }

    @Test
    void knowsNoStockOfUnknownFilms() {
        String nowhere = "/api/films/" + UUID.randomUUID() + "/stock";

        assertThat(caller.get(nowhere).send().problem()).isEqualTo("not-found");
        assertThat(caller.post(nowhere + "/adjustments", adjustment(UUID.randomUUID(), 1, "r"))
                        .asEditor()
                        .send()
                        .problem())
                .isEqualTo("not-found");
    }

    private String film() {
        return caller.post("/api/films", Films.minimal("Stocked"))
                .asEditor()
                .send()
                .header("Location");
    }

    static String adjustment(UUID id, long delta, String reason) {
        return "{\"adjustmentId\": \"" + id + "\", \"delta\": " + delta + ", \"reason\": \"" + reason + "\"}";
    }
}
