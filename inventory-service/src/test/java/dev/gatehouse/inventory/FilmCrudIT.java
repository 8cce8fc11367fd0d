package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@IntegrationTest
class FilmCrudIT {

    @Autowired
    Caller caller;

    @Test
    void createsAndReadsAFilm() {
        Answer created =
                caller.post("/api/films", Films.json("Playtime")).asEditor().send();

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        UUID id = UUID.fromString(created.json().path("id").asString());
        assertThat(id.version()).isEqualTo(7);
        assertThat(created.header("Location")).isEqualTo("/api/films/" + id);
        assertThat(Instant.parse(created.json().path("createdAt").asString()))
                .isBefore(Instant.now().plusSeconds(60));

        Answer read = caller.get("/api/films/" + id).send();

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(created.json());
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
        assertThat(read.header("Cache-Control")).isEqualTo("no-cache, public");
    }

    @Test
    void replacesTheWholeContent() {
        String path = create("Mon Oncle");

        Answer replaced = caller.put(path, Films.minimal("My Uncle"))
                .asEditor()
                .header("If-Match", "\"1\"")
                .send();

        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
        assertThat(replaced.json().path("title").asString()).isEqualTo("My Uncle");
        assertThat(replaced.json().has("director")).isFalse();
        assertThat(caller.get(path).send().json()).isEqualTo(replaced.json());
    }

    @Test
    void leavesTheVersionAloneWhenNothingChanges() {
        String path = create("Trafic");

        Answer replaced = caller.put(path, Films.json("Trafic"))
                .asEditor()
                .header("If-Match", "*")
                .send();

        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void patchesPartsAndRemovesOptionalOnes() {
        String path = create("Parade");

        Answer patched = caller.patch(path, "{\"director\": null, \"price\": {\"amountMinor\": 5}}")
                .asEditor()
                .header("If-Match", "\"1\"")
                .send();

        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().has("director")).isFalse();
        assertThat(patched.json().at("/price/amountMinor").asLong()).isEqualTo(5);
        assertThat(patched.json().at("/price/currency").asString()).isEqualTo("EUR");
        assertThat(patched.json().path("title").asString()).isEqualTo("Parade");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"title\": null}; title:required",
                "{\"price\": {\"currency\": null}}; price.currency:required",
                "{\"price\": null}; price:required",
                "{\"year\": \"1971\"}; year:wrong-type",
                "{\"stock\": 4}; stock:unknown-field",
                "{\"id\": \"x\"}; id:unknown-field",
                "[1]; :wrong-type",
                "\"title\"; :wrong-type"
            })
    void refusesAPatchWhoseResultIsNoFilm(String patch, String error) {
        String path = create("Jour de fete");

        Answer answer =
                caller.patch(path, patch).asEditor().header("If-Match", "*").send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.errors()).containsExactly(error);
        assertThat(caller.get(path).send().header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void deletesAFilmForGood() {
        String path = create("Forgotten");
        assertThat(caller.get(path).send().status()).isEqualTo(200);

        Answer deleted =
                caller.delete(path).asEditor().header("If-Match", "\"1\"").send();

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(caller.get(path).send().status()).isEqualTo(404);
        assertThat(caller.get(path + "/stock").send().status()).isEqualTo(404);
        assertThat(caller.delete(path).asEditor().header("If-Match", "*").send().status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "W/\"1\"", "\"0\", \"2\"", "\"\""})
    void answers412WhenTheTagIsNotTheFilms(String ifMatch) {
        String path = create("Stale");

        for (String method : new String[] {"PUT", "PATCH", "DELETE"}) {
            Answer answer = change(method, path).header("If-Match", ifMatch).send();

            assertThat(answer.status()).as(method).isEqualTo(412);
            assertThat(answer.problem()).isEqualTo("precondition-failed");
        }
        assertThat(caller.get(path).send().header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "*", "\"7\", \"1\"", " \"1\" ,, \"9\"", "W/\"1\", \"1\""})
    void changesWhenOneTagIsTheFilms(String ifMatch) {
        String path = create("Fresh");

        assertThat(change("PATCH", path).header("If-Match", ifMatch).send().status())
                .isEqualTo(200);
    }

    @Test
    void answers428WithoutIfMatch() {
        String path = create("Unconditional");

        for (String method : new String[] {"PUT", "PATCH", "DELETE"}) {
            Answer answer = change(method, path).send();

            assertThat(answer.status()).as(method).isEqualTo(428);
            assertThat(answer.problem()).isEqualTo("precondition-required");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1", "w/\"1\"", "\"1\" \"2\"", "**"})
    void refusesATagThatIsNone(String tag) {
        String path = create("Untagged");

        Answer change = change("PATCH", path).header("If-Match", tag).send();
        Answer read = caller.get(path).header("If-None-Match", tag).send();

        assertThat(change.errors()).containsExactly("If-Match:malformed");
        assertThat(read.errors()).containsExactly("If-None-Match:malformed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"\"1\";304", "W/\"1\";304", "*;304", "\"5\", W/\"1\";304", "\"2\";200", "W/\"11\";200"})
    void answers304WhenTheCallerHasTheVersion(String ifNoneMatch, int status) {
        String path = create("Known");

        Answer answer = caller.get(path).header("If-None-Match", ifNoneMatch).send();

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
        assertThat(answer.body().isEmpty()).isEqualTo(status == 304);
    }

    private Caller.Call change(String method, String path) {
        return switch (method) {
            case "PUT" -> caller.put(path, Films.json("Changed")).asEditor();
            case "PATCH" -> caller.patch(path, "{\"title\": \"Changed\"}").asEditor();
            default -> caller.delete(path).asEditor();
        };
    }

    private String create(String title) {
        return caller.post("/api/films", Films.json(title)).asEditor().send().header("Location");
    }
}
