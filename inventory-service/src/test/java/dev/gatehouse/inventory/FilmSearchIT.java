package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@IntegrationTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilmSearchIT {

    /** Nothing else is sold in it, so these films are a catalogue of their own. */
    private static final String CURRENCY = "ISK";

    @Autowired
    Caller caller;

    @BeforeAll
    void fill() {
        // Same years and prices on purpose: only the id tells such films apart.
        for (int i = 0; i < 25; i++) {
            create("Film " + (char) ('a' + i), 1990 + i % 3, i % 2 == 0 ? "drama" : "comedy", 100 * (i % 4));
        }
        add("The Godfather", "Francis Ford Coppola", "An ageing crime lord hands over his business.");
        add("The Godfather Part II", "Francis Ford Coppola", "A son hardens.");
        add("Alien", "Ridley Scott", "A freighter answers a call.");
        add("Amélie", "Jean-Pierre Jeunet", "A waitress in Montmartre.");
        add("Coppola on Coppola", "Someone Else", "Talks about the godfather of new cinema.");
    }

    @ParameterizedTest
    @CsvSource({
        "title, title",
        "-title, title",
        "year, year",
        "-year, year",
        "price, /price/amountMinor",
        "-price, /price/amountMinor",
        "newest, createdAt"
    })
    void pagesThroughEveryFilmOnceInOrder(String sort, String field) {
        List<JsonNode> films = all("currency=" + CURRENCY + "&sort=" + sort + "&limit=7");

        assertThat(films).hasSize(30);
        assertThat(films.stream().map(film -> film.path("id").asString())).doesNotHaveDuplicates();
        List<String> keys = films.stream()
                .map(film -> film.at(field.startsWith("/") ? field : "/" + field))
                .map(node -> node.isNumber() ? "%09d".formatted(node.asLong()) : plain(node.asString()))
                .toList();
        List<String> expected = new ArrayList<>(keys);
        Collections.sort(expected);
        if (sort.startsWith("-") || sort.equals("newest")) {
            Collections.reverse(expected);
        }
        assertThat(keys).isEqualTo(expected);
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace('é', 'e');
    }

    @Test
    void keepsItsPlaceWhenFilmsComeAndGo() {
        String query = "currency=JPY&sort=year&limit=2";
        for (int year = 2001; year <= 2006; year++) {
            post(Films.minimal("Place " + year, year, "war", 1, "JPY"));
        }
        Answer first = caller.get("/api/films?" + query).send();
        post(Films.minimal("Place 2000", 2000, "war", 1, "JPY"));
        String shown = first.json().at("/items/1/id").asString();
        caller.delete("/api/films/" + shown).asEditor().header("If-Match", "*").send();

        Answer second = caller.get("/api/films?" + query + "&cursor="
                        + first.json().path("nextCursor").asString())
                .send();

        assertThat(second.json()
                        .path("items")
                        .valueStream()
                        .map(film -> film.path("year").asInt()))
                .containsExactly(2003, 2004);
    }

    @Test
    void linksTheNextPage() {
        Answer first = caller.get("/api/films?q=film%20a&currency=" + CURRENCY + "&limit=1")
                .send();

        String link = first.header("Link");
        assertThat(link).startsWith("</api/films?").endsWith(">; rel=\"next\"").contains("q=film%20a");
        Answer second = caller.get(link.substring(1, link.indexOf('>'))).send();
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().at("/items/0/id")).isNotEqualTo(first.json().at("/items/0/id"));
    }

    @Test
    void endsWithoutACursor() {
        Answer last =
                caller.get("/api/films?currency=" + CURRENCY + "&limit=30").send();

        assertThat(last.json().path("items").size()).isEqualTo(30);
        assertThat(last.json().has("nextCursor")).isTrue();
        assertThat(last.json().path("nextCursor").isNull()).isTrue();
        assertThat(last.headers().firstValue("Link")).isEmpty();
    }

    @Test
    void refusesACursorOfAnotherQuery() {
        String cursor = caller.get("/api/films?currency=" + CURRENCY + "&limit=1")
                .send()
                .json()
                .path("nextCursor")
                .asString();

        assertThat(caller.get("/api/films?currency=EUR&limit=1&cursor=" + cursor)
                        .send()
                        .errors())
                .containsExactly("cursor:invalid-cursor");
        assertThat(caller.get("/api/films?currency=" + CURRENCY + "&sort=year&cursor=" + cursor)
                        .send()
                        .errors())
                .containsExactly("cursor:invalid-cursor");
    }

    @Test
    void filters() {
        List<JsonNode> films = all(
                "currency=" + CURRENCY + "&genre=drama&yearFrom=1991&yearTo=1991&priceFrom=100&priceTo=200&limit=3");

        assertThat(films).isNotEmpty().allSatisfy(film -> {
            assertThat(film.path("year").asInt()).isEqualTo(1991);
            assertThat(film.path("genres").valueStream().map(JsonNode::asString))
                    .contains("drama");
            assertThat(film.at("/price/amountMinor").asInt()).isBetween(100, 200);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "godfather, The Godfather",
        "godfahter, The Godfather",
        "the godfather, The Godfather",
        "godf, The Godfather",
        "alein, Alien",
        "ALIEN, Alien",
        "amelie, Amélie",
        "améle, Amélie",
        "jeunet, Amélie",
        "freighters, Alien",
        "montmartre waitress, Amélie",
        "ridley alien, Alien"
    })
    void findsTheFilmThatWasMeant(String words, String title) {
        assertThat(titles(words)).startsWith(title);
    }

    @Test
    void ranksTitlesBeforeDirectorsBeforeDescriptions() {
        assertThat(titles("coppola")).startsWith("Coppola on Coppola").hasSize(3);
        assertThat(titles("godfather").getLast()).isEqualTo("Coppola on Coppola");
    }

    @Test
    void understandsQuotesAndMinus() {
        assertThat(titles("\"godfather part\"")).containsExactly("The Godfather Part II");
        assertThat(titles("coppola -someone")).containsExactlyInAnyOrder("The Godfather", "The Godfather Part II");
    }

    @Test
    void findsNothingForWordsThatAreNowhere() {
        assertThat(titles("xylophonist quark")).isEmpty();
    }

    @Test
    void pagesThroughASearchByRelevance() {
        List<JsonNode> paged = all("q=film&currency=" + CURRENCY + "&limit=4");
        List<JsonNode> whole = all("q=film&currency=" + CURRENCY + "&limit=100");

        assertThat(paged).hasSizeGreaterThan(20).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; DROP TABLE films; --", "a & b | !( ) :* <-> % _ \\\\", "\"", "-", "or"})
    void takesWordsAsWordsOnly(String words) {
        assertThat(caller.get("/api/films?q=" + encode(words)).send().status()).isEqualTo(200);
    }

    private List<String> titles(String words) {
        return all("q=" + encode(words) + "&currency=" + CURRENCY).stream()
                .map(film -> film.path("title").asString())
                .toList();
    }

    private List<JsonNode> all(String query) {
        List<JsonNode> films = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = caller.get("/api/films?" + query + cursor).send();
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            page.json().path("items").forEach(films::add);
            cursor = page.json().path("nextCursor").isNull()
                    ? ""
                    : "&cursor=" + page.json().path("nextCursor").asString();
        } while (!cursor.isEmpty());
        return films;
    }

    private void create(String title, int year, String genre, long price) {
        post(Films.minimal(title, year, genre, price, CURRENCY));
    }

    private void add(String title, String director, String description) {
        post(new JsonMapper()
                .writeValueAsString(Map.of(
                        "title",
                        title,
                        "year",
                        1999,
                        "genres",
                        List.of("war"),
                        "director",
                        director,
                        "description",
                        description,
                        "price",
                        Map.of("amountMinor", 1, "currency", CURRENCY))));
    }

    private void post(String film) {
        assertThat(caller.post("/api/films", film).asEditor().send().status()).isEqualTo(201);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
