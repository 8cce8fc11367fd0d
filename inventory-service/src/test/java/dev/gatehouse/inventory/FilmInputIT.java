package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@IntegrationTest
class FilmInputIT {

    @Autowired
    Caller caller;

    @Test
    void namesEveryBadField() {
        String film = "{\"title\": \"" + "x".repeat(201)
                + "\", \"year\": \"1972\", \"genres\": [\"crime\", \"crime\", \"heist\"], \"director\": 5,"
                + " \"runtimeMinutes\": 0, \"price\": {\"amountMinor\": -1, \"currency\": \"EURO\"}, \"stock\": 3}";

        Answer answer = caller.post("/api/films", film).asEditor().send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.errors())
                .containsExactlyInAnyOrder(
                        "title:too-long",
                        "year:wrong-type",
                        "genres:repeated",
                        "genres:unknown-value",
                        "director:wrong-type",
                        "runtimeMinutes:out-of-range",
                        "price.amountMinor:out-of-range",
                        "price.currency:too-long",
                        "stock:unknown-field");
        assertThat(answer.json().path("instance").asString()).isEqualTo("/api/films");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ABC", "eur", "XXX", "XAU"})
    void refusesACurrencyNobodyPaysWith(String currency) {
        Answer answer = caller.post("/api/films", Films.minimal("T", 2000, "drama", 1, currency))
                .asEditor()
                .send();

        assertThat(answer.errors()).containsExactly("price.currency:unknown-currency");
    }

    @ParameterizedTest
    @CsvSource({"1887,out-of-range", "2101,out-of-range"})
    void keepsTheYearInItsRange(int year, String code) {
        Answer answer = caller.post("/api/films", Films.minimal("T", year, "drama", 1, "EUR"))
                .asEditor()
                .send();

        assertThat(answer.errors()).containsExactly("year:" + code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"title\": }", "{\"a\": 1, \"a\": 2}", "{} {}", "{'a': 1}"})
    void answersMalformedRequestForWhatIsNotJson(String body) {
        Answer answer = caller.post("/api/films", body).asEditor().send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed-request");
    }

    @Test
    void answers413ForABodyOverOneMebibyte() {
        String large = "{\"title\": \"" + "x".repeat(1024 * 1024) + "\"}";

        Answer declared = caller.post("/api/films", large).asEditor().send();
        Answer streamed = caller.call("POST", "/api/films")
                .asEditor()
                .body(
                        "application/json",
                        HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(large)))
                .send();

        assertThat(declared.status()).isEqualTo(413);
        assertThat(declared.problem()).isEqualTo("payload-too-large");
        assertThat(streamed.status()).isEqualTo(413);
        assertThat(streamed.problem()).isEqualTo("payload-too-large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "limit=0; limit:out-of-range",
                "limit=101; limit:out-of-range",
                "limit=ten; limit:wrong-type",
                "limit=99999999999999999999; limit:wrong-type",
                "limit=1&limit=2; limit:repeated",
                "sort=rating; sort:unknown-value",
                "sort=relevance; sort:needs-words",
                "genre=heist; genre:unknown-value",
                "yearFrom=x; yearFrom:wrong-type",
                "yearFrom=2000&yearTo=1999; yearTo:reversed",
                "priceFrom=1; currency:required",
                "priceTo=-1&currency=EUR; priceTo:out-of-range",
                "currency=EURO; currency:unknown-currency",
                "q=%20; q:blank",
                "q=%00; q:invalid-characters",
                "cursor=abc; cursor:invalid-cursor",
                "page=2; page:unknown-parameter"
            })
    void namesTheBadParameter(String query, String error) {
        Answer answer = caller.get("/api/films?" + query).send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.errors()).containsExactly(error);
    }

    @Test
    void saysTheLimitThatWasBroken() {
        Answer answer = caller.get("/api/films?limit=101").send();

        assertThat(answer.json().at("/errors/0/limit").asLong()).isEqualTo(100);
    }

    @Test
    void refusesParametersWhereThereAreNone() {
        assertThat(caller.post("/api/films?dryRun=true", Films.minimal("T"))
                        .asEditor()
                        .send()
                        .errors())
                .containsExactly("dryRun:unknown-parameter");
    }

    @Test
    void refusesAnIdThatIsNone() {
        assertThat(caller.get("/api/films/42").send().errors()).containsExactly("id:malformed");
    }
}
