package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

@IntegrationTest
@TestPropertySource(properties = "inventory.import.max-size=2MB")
class FilmImportIT {

    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";
    private static final String HEADER = "title,year,genres,price.amountMinor,price.currency\n";

    @Autowired
    Caller caller;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DataSource database;

    @Autowired
    Environment environment;

    /** Finds this test's films among all others. */
    private final String mark = "Import " + UUID.randomUUID();

    @Test
    void createsAFilmForEachLine() {
        Answer answer = run(NDJSON, Films.minimal(mark + " 1") + "\r\n\n" + Films.minimal(mark + " 2"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(report(answer)).isEqualTo("2 received, 2 created, 0 updated, 0 rejected");
        assertThat(titles()).containsExactly(mark + " 1", mark + " 2");
    }

    @Test
    void readsCsvWithQuotesLineBreaksAndColumnsInAnyOrder() {
        String csv = "\uFEFFprice.currency,price.amountMinor,description,genres,year,title,director,runtimeMinutes\r\n"
                + "EUR,899,\"Two\r\nlines, and \"\"quotes\"\"\",film-noir|crime,1950,\"" + mark
                + ", 1\",Jules Dassin,96\r\n"
                + "EUR,0,,drama,2000," + mark + " é,,\r\n";

        Answer answer = run(CSV, csv);

        assertThat(report(answer)).isEqualTo("2 received, 2 created, 0 updated, 0 rejected");
        assertThat(titles()).containsExactly(mark + " é", mark + ", 1");
        assertThat(jdbc.sql("SELECT description FROM films WHERE title = ?")
                        .param(mark + ", 1")
                        .query(String.class)
                        .single())
                .isEqualTo("Two\r\nlines, and \"quotes\"");
    }

    @Test
    void namesEachBadRowAndKeepsItsNeighbours() {
        String rows = String.join(
                "\n",
                Films.minimal(mark + " 1"),
                "{\"title\": ",
                "[]",
                Films.minimal(mark + " bad", 1700, "heist", -1, "EURO"),
                "{\"title\": \"" + mark + "\", \"titel\": 1}",
                "{\"title\": \"" + "x".repeat(40_000) + "\"}",
                Films.minimal(mark + " 2").replace("}}", "}, \"id\": \"" + UUID.randomUUID() + "\"}"),
                Films.minimal(mark + " 2"));

        Answer answer = run(NDJSON, rows);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(report(answer)).isEqualTo("8 received, 2 created, 0 updated, 6 rejected");
        assertThat(errors(answer))
                .containsExactly(
                        "2::malformed",
                        "3::wrong-type",
                        "4:year:out-of-range",
                        "4:genres:unknown-value",
                        "4:price.amountMinor:out-of-range",
                        "4:price.currency:too-long",
                        "5:year:required",
                        "5:genres:required",
                        "5:price:required",
                        "5:titel:unknown-field",
                        "6::too-long",
                        "7:version:required");
        assertThat(titles()).containsExactly(mark + " 1", mark + " 2");
    }

    @Test
    void namesEachBadRowOfACsv() {
        String csv = HEADER
                + mark + " 1,2000,drama,1,EUR\n"
                + mark + ",2000,drama,1\n"
                + mark + ",year,drama,1.5,EUR\n"
                + "\"" + mark + "\"x,2000,drama,1,EUR\n"
                + mark + " 2,2000,drama|western,1,EUR\n"
                + "\"" + mark + " open,2000,drama,1,EUR\n"
                + mark + " 3,2000,drama,1,EUR";

        Answer answer = run(CSV, csv);

        assertThat(report(answer)).isEqualTo("7 received, 3 created, 0 updated, 4 rejected");
        assertThat(errors(answer))
                .containsExactly(
                        "2::wrong-column-count",
                        "3:year:wrong-type",
                        "3:price.amountMinor:wrong-type",
                        "4::malformed",
                        "6::malformed");
        assertThat(titles()).containsExactly(mark + " 1", mark + " 2", mark + " 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "title,year,genres,price.amountMinor; price.currency:required",
                "title,year,genres,price.amountMinor,price.currency,stock; stock:unknown-column",
                "title,year,title,genres,price.amountMinor,price.currency; title:repeated"
            })
    void refusesAWrongHeaderAsAWhole(String header, String error) {
        Answer answer = run(CSV, header + "\n" + mark + ",2000,drama,1,EUR\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.errors()).contains(error);
        assertThat(titles()).isEmpty();
    }

    @Test
    void refusesACsvWithoutAHeaderAndTakesNdjsonWithoutRows() {
        assertThat(run(CSV, "\n").errors()).containsExactly(":wrong-header");
        assertThat(report(run(NDJSON, "\n"))).isEqualTo("0 received, 0 created, 0 updated, 0 rejected");
    }

    @Test
    void refusesRowsThatAreNotUtf8AndKeepsTheOthers() {
        byte[] rows = (HEADER + mark + " caf\u00e9,2000,drama,1,EUR\n" + mark + " cafe,2000,drama,1,EUR\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        Answer answer = caller.call("POST", "/api/films/import")
                .asEditor()
                .body(CSV, HttpRequest.BodyPublishers.ofByteArray(rows))
                .send();

        assertThat(report(answer)).isEqualTo("2 received, 1 created, 0 updated, 1 rejected");
        assertThat(errors(answer)).containsExactly("1:title:invalid-characters");
        assertThat(titles()).containsExactly(mark + " cafe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/csv; charset=ISO-8859-1", "application/json", "text/plain"})
    void refusesOtherTypesAndCharsets(String type) {
        Answer answer = run(type, HEADER);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.problem()).isEqualTo("unsupported-media-type");
    }

    @Test
    void refusesACompressedBody() {
        Answer answer = caller.call("POST", "/api/films/import")
                .asEditor()
                .header("Content-Encoding", "gzip")
                .body(CSV, HEADER)
                .send();

        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void replacesTheFilmThatIsAtTheVersionOfTheRow() {
        run(NDJSON, Films.minimal(mark + " old"));
        String id = jdbc.sql("SELECT id::text FROM films WHERE title = ?")
                .param(mark + " old")
                .query(String.class)
                .single();
        assertThat(caller.get("/api/films/" + id).send().header("ETag")).isEqualTo("\"1\"");

        Answer answer = run(
                NDJSON,
                String.join(
                        "\n",
                        row(mark + " new", id, 1),
                        row(mark + " late", id, 1),
                        row(mark + " lost", UUID.randomUUID().toString(), 1)));

        assertThat(report(answer)).isEqualTo("3 received, 0 created, 1 updated, 2 rejected");
        assertThat(errors(answer)).containsExactly("2:version:stale", "3:id:unknown-film");
        // Past the cache that the read above has filled.
        Answer read = caller.get("/api/films/" + id).send();
        assertThat(read.header("ETag")).isEqualTo("\"2\"");
        assertThat(read.json().path("title").asString()).isEqualTo(mark + " new");
    }

    @Test
    void takesAnEditedCsvBack() {
        run(CSV, HEADER + mark + " old,2000,drama,1,EUR\n");
        String id = jdbc.sql("SELECT id::text FROM films WHERE title = ?")
                .param(mark + " old")
                .query(String.class)
                .single();

        Answer answer = run(
                CSV,
                "id,version,title,year,genres,price.amountMinor,price.currency\n" + id + ",1," + mark
                        + " new,2000,drama,2,EUR\n");

        assertThat(report(answer)).isEqualTo("1 received, 0 created, 1 updated, 0 rejected");
        assertThat(titles()).containsExactly(mark + " new");
    }

    @Test
    void listsTheFirstErrorsAndSaysThatThereAreMore() {
        Answer answer = run(NDJSON, "x\n".repeat(1_234));

        assertThat(report(answer)).isEqualTo("1234 received, 0 created, 0 updated, 1234 rejected");
        assertThat(answer.json().path("errors").size()).isEqualTo(100);
        assertThat(answer.json().path("errorsTruncated").asBoolean()).isTrue();
    }

    @Test
    void writesMoreThanOneBatch() {
        Answer answer = run(NDJSON, rows(1_234));

        assertThat(report(answer)).isEqualTo("1234 received, 1234 created, 0 updated, 0 rejected");
        assertThat(answer.json().path("errorsTruncated").asBoolean()).isFalse();
        assertThat(titles()).hasSize(1_234);
    }

    @Test
    void keepsGoodRowsOfABatchThatTheDatabaseRefuses() {
        // The table knows a rule that the service does not.
        jdbc.sql("ALTER TABLE films ADD CONSTRAINT no_sequels CHECK (title NOT LIKE '%sequel%')")
                .update();
        try {
            Answer answer = run(
                    NDJSON,
                    String.join(
                            "\n",
                            Films.minimal(mark + " 1"),
                            Films.minimal(mark + " sequel"),
                            Films.minimal(mark + " 3")));

            assertThat(report(answer)).isEqualTo("3 received, 2 created, 0 updated, 1 rejected");
            assertThat(errors(answer)).containsExactly("2::refused");
            assertThat(titles()).containsExactly(mark + " 1", mark + " 3");
        } finally {
            jdbc.sql("ALTER TABLE films DROP CONSTRAINT no_sequels").update();
        }
    }

    @Test
    void answers413BeforeReadingABodyThatSaysItIsTooLarge() {
        Answer answer = run(NDJSON, rows(20_000));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.problem()).isEqualTo("payload-too-large");
        assertThat(titles()).isEmpty();
    }

    @Test
    void answers413WhenABodyTurnsOutTooLargeAndSaysWhatStays() {
        Answer answer = caller.call("POST", "/api/films/import")
                .asEditor()
                .body(
                        NDJSON,
                        HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(rows(20_000))))
                .send();

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.problem()).isEqualTo("payload-too-large");
        int stayed = titles().size();
        assertThat(stayed).isPositive().isLessThan(20_000);
        assertThat(answer.json().path("detail").asString()).contains(stayed + " films were created");
    }

    @Test
    void answers503WhenTheDatabaseStopsTakingRowsAndSaysWhatStays() throws SQLException {
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            InputStream rows = new SequenceInputStream(
                    // More than a batch: the last kilobytes wait in the buffers on the way.
                    new ByteArrayInputStream((rows(700) + "\n").getBytes(StandardCharsets.UTF_8)), new InputStream() {
                        private InputStream rest;

                        @Override
                        public int read() throws IOException {
                            if (rest == null) {
                                Awaitility.await().until(() -> titles().size() == 500);
                                lock(other);
                                rest = new ByteArrayInputStream(rows(900).getBytes(StandardCharsets.UTF_8));
                            }
                            return rest.read();
                        }
                    });

            Answer answer = caller.call("POST", "/api/films/import")
                    .asEditor()
                    .body(NDJSON, HttpRequest.BodyPublishers.ofInputStream(() -> rows))
                    .send();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.problem()).isEqualTo("service-unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.json().path("detail").asString()).contains("500 films were created");
            other.rollback();
        }
        assertThat(titles()).hasSize(500);
    }

    private static void lock(Connection connection) throws IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE films IN SHARE MODE");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Test
    void leavesOnlyWholeRowsWhenTheClientGoes() throws IOException {
        String sent = rows(1_200) + "\n{\"title\": \"" + mark + " half";
        try (Socket socket =
                new Socket("127.0.0.1", environment.getRequiredProperty("local.server.port", Integer.class))) {
            String head = "POST /api/films/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Caller.EDITOR
                    + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n";
            socket.getOutputStream().write((head + sent).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> titles().size() == 1_000);
        }

        // The rest of the second batch is never written, nor is the half row.
        Awaitility.await()
                .during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> titles().size() == 1_000);
        assertThat(titles()).noneMatch(title -> title.endsWith("half"));
    }

    private String rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Films.minimal(mark + " " + i))
                .collect(Collectors.joining("\n"));
    }

    private static String row(String title, String id, long version) {
        return Films.minimal(title).replace("}}", "}, \"id\": \"" + id + "\", \"version\": " + version + "}");
    }

    private Answer run(String type, String body) {
        return caller.call("POST", "/api/films/import")
                .asEditor()
                .body(type, body)
                .send();
    }

    private List<String> titles() {
        return jdbc.sql("SELECT title FROM films WHERE title LIKE ? ORDER BY title COLLATE \"C\"")
                .param(mark + "%")
                .query(String.class)
                .list();
    }

    private static String report(Answer answer) {
        JsonNode json = answer.json();
        return json.path("received").asLong() + " received, "
                + json.path("created").asLong() + " created, "
                + json.path("updated").asLong() + " updated, "
                + json.path("rejected").asLong() + " rejected";
    }

    private static List<String> errors(Answer answer) {
        return answer.json()
                .path("errors")
                .valueStream()
                .map(error ->
                        error.path("row").asLong() + ":" + error.path("field").asString() + ":"
                                + error.path("code").asString())
                .toList();
    }
}
