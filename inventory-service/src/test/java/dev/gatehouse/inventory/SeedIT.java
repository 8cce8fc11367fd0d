package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.inventory.Caller.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The development catalogue, and every example of the API document tried out on it. */
@IntegrationTest
class SeedIT {

    private static final Database DATABASE = TestStores.postgres().database("seed");

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry registry) {
        registry.add("stores", () -> "embedded");
        registry.add("spring.datasource.url", DATABASE::url);
        registry.add("spring.datasource.username", DATABASE::username);
        registry.add("spring.datasource.password", DATABASE::password);
        registry.add("spring.flyway.locations", () -> "classpath:db/migration,classpath:db/seed");
    }

    @Autowired
    Caller caller;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Flyway flyway;

    @Test
    void bringsRealFilmsWithStock() {
        assertThat(count("SELECT count(*) FROM films WHERE id::text LIKE '019b7700-%'"))
                .isGreaterThanOrEqualTo(200);
        assertThat(count("SELECT count(*) FROM stock_levels WHERE available > 0"))
                .isGreaterThanOrEqualTo(180);
        Answer found = caller.get("/api/films?q=godfahter&limit=1").send();
        assertThat(found.json().at("/items/0/title").asString()).isEqualTo("The Godfather");
        assertThat(found.json().at("/items/0/id").asString()).isEqualTo("019b7700-0000-7000-8000-000000000000");
    }

    @Test
    void leavesWhatIsThereAlone() {
        jdbc.sql("UPDATE stock_levels SET available = 4711 WHERE film_id = '019b7700-0002-7000-8000-000000000002'")
                .update();
        long films = count("SELECT count(*) FROM films");
        jdbc.sql("DELETE FROM flyway_schema_history WHERE script LIKE 'R__%'").update();

        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(1);

        assertThat(count("SELECT count(*) FROM films")).isEqualTo(films);
        assertThat(count("SELECT available FROM stock_levels WHERE film_id = '019b7700-0002-7000-8000-000000000002'"))
                .isEqualTo(4711);
    }

    @Test
    void takesEveryExampleOfTheDocumentTwice() {
        JsonNode document = caller.get("/v3/api-docs").send().json();
        List<String> tried = new ArrayList<>();
        // In the order in which a reader of the document would: nothing is confirmed before it is held.
        for (int round = 0; round < 2; round++) {
            for (String wanted : List.of(
                    "searchFilms",
                    "getFilm",
                    "createFilm",
                    "importFilms",
                    "replaceFilm",
                    "patchFilm",
                    "getStock",
                    "adjustStock",
                    "reserveStock",
                    "getReservation",
                    "listReservations",
                    "confirmReservation",
                    "releaseReservation")) {
                tried.addAll(tryOut(document, wanted));
            }
        }
        tried.addAll(tryOut(document, "deleteFilm"));

        assertThat(tried)
                .allMatch(result -> result.endsWith(" 200") || result.endsWith(" 201") || result.endsWith(" 204"));
        assertThat(tried.stream().map(result -> result.replaceAll(" .*", "")).distinct())
                .containsExactlyInAnyOrderElementsOf(operations(document));
    }

    private List<String> tryOut(JsonNode document, String operationId) {
        List<String> results = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                JsonNode operation = method.getValue();
                if (!operation.path("operationId").asString().equals(operationId)) {
                    continue;
                }
                if (operation.path("requestBody").isMissingNode()) {
                    results.add(operationId + " "
                            + call(method.getKey(), path.getKey(), operation)
                                    .send()
                                    .status());
                }
                operation
                        .path("requestBody")
                        .path("content")
                        .forEachEntry((type, content) -> content.path("examples")
                                .forEach(example -> results.add(operationId + " " + type + " "
                                        + call(method.getKey(), path.getKey(), operation)
                                                .body(type, text(example.path("value")))
                                                .send()
                                                .status())));
            }
        }
        assertThat(results).as(operationId + " has an example").isNotEmpty();
        return results;
    }

    private Caller.Call call(String method, String template, JsonNode operation) {
        String path = template;
        List<String[]> headers = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.path("name").asString();
            String example = parameter.path("example").asString("");
            if (parameter.path("in").asString().equals("path")) {
                path = path.replace("{" + name + "}", example);
            } else if (parameter.path("in").asString().equals("header") && !example.isEmpty()) {
                headers.add(new String[] {name, example});
            } else if (parameter.path("required").asBoolean(false)) {
                path += (path.contains("?") ? "&" : "?") + name + "=" + example;
            }
        }
        Caller.Call call = caller.call(method.toUpperCase(Locale.ROOT), path).asEditor();
        headers.forEach(header -> call.header(header[0], header[1]));
        return call;
    }

    private static String text(JsonNode example) {
        return example.isString() ? example.stringValue() : example.toString();
    }

    private static List<String> operations(JsonNode document) {
        return document.path("paths")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .map(operation -> operation.path("operationId").asString())
                .toList();
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
