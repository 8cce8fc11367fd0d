package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.inventory.Caller.Answer;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Two databases that do not replicate: each answer tells which of them gave it. Always on the devstack's PostgreSQL. */
@IntegrationTest
class ReaderRoutingIT {

    private static final Database WRITER = TestStores.postgres().database("routing_writer");
    private static final Database READER = TestStores.postgres().database("routing_reader");
    private static final JdbcClient READER_ROWS =
            JdbcClient.create(new DriverManagerDataSource(READER.url(), READER.username(), READER.password()));

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry registry) {
        Flyway.configure()
                .dataSource(READER.url(), READER.username(), READER.password())
                .load()
                .migrate();
        // A replica knows the writer's role; here it is a stranger.
        READER_ROWS
                .sql("GRANT CONNECT ON DATABASE routing_reader TO " + WRITER.username())
                .update();
        READER_ROWS
                .sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + WRITER.username())
                .update();
        registry.add("stores", () -> "embedded");
        registry.add("spring.datasource.url", WRITER::url);
        registry.add("spring.datasource.username", WRITER::username);
        registry.add("spring.datasource.password", WRITER::password);
        registry.add("inventory.reader-url", READER::url);
    }

    @Autowired
    Caller caller;

    @Autowired
    JdbcClient writerRows;

    @Test
    void readsPagesFromTheReader() {
        UUID onlyThere = UUID.randomUUID();
        insertIntoReader(onlyThere, "Only there");
        String here = create("Only here");

        Answer page = caller.get("/api/films?limit=100").send();

        assertThat(page.body()).contains("Only there").doesNotContain(here.substring(here.lastIndexOf('/') + 1));
    }

    @Test
    void readsAFilmFromTheReader() {
        UUID onlyThere = UUID.randomUUID();
        insertIntoReader(onlyThere, "Read there");

        Answer film = caller.get("/api/films/" + onlyThere).send();

        assertThat(film.json().path("title").asString()).isEqualTo("Read there");
    }

    @Test
    void readsFromTheWriterWhatTheReaderDoesNotHaveYet() {
        String film = create("Fresh");

        assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Fresh");

        insertIntoReader(UUID.fromString(film.substring(film.lastIndexOf('/') + 1)), "Lagging");
        caller.patch(film, "{\"title\": \"Fresher\"}")
                .asEditor()
                .header("If-Match", "*")
                .send();

        assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Fresher");
    }

    @Test
    void decidesOnTheWriterOnly() {
        UUID onlyThere = UUID.randomUUID();
        insertIntoReader(onlyThere, "Not sold here");

        assertThat(caller.get("/api/films/" + onlyThere + "/stock").send().status())
                .isEqualTo(404);
        assertThat(caller.patch("/api/films/" + onlyThere, "{}")
                        .asEditor()
                        .header("If-Match", "*")
                        .send()
                        .status())
                .isEqualTo(404);
        assertThat(caller.put(
                                "/api/reservations/" + UUID.randomUUID(),
                                "{\"lines\": [{\"filmId\": \"" + onlyThere + "\", \"quantity\": 1}]}")
                        .asEditor()
                        .send()
                        .problem())
                .isEqualTo("unknown-film");
    }

    @Test
    void writesToTheWriter() {
        String film = create("Written here");

        assertThat(writerRows
                        .sql("SELECT count(*) FROM films WHERE title = 'Written here'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(READER_ROWS
                        .sql("SELECT count(*) FROM films WHERE title = 'Written here'")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(film).isNotEmpty();
    }

    private String create(String title) {
        return caller.post("/api/films", Films.minimal(title)).asEditor().send().header("Location");
    }

    private static void insertIntoReader(UUID id, String title) {
        READER_ROWS
                .sql(
                        "INSERT INTO films (id, title, year, genres, price_minor, currency) VALUES (?, ?, 2000, '{war}', 1, 'EUR')")
                .params(id, title)
                .update();
    }
}
