package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.stores.TestStores;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A hundred thousand rows of two kilobytes, made up while they are sent, into a service whose whole heap is half of that.
 * Whoever keeps the rows, or only the films that were read from them, ends that process. Always on the devstack's stores.
 */
class FilmImportMemoryIT {

    private static final int ROWS = 100_000;
    private static final String DESCRIPTION = "d".repeat(400);
    private static final String PADDING = " ".repeat(1_500);
    private static final Database DATABASE = TestStores.postgres().database("import_memory");

    @TempDir
    Path folder;

    private Process service;
    private Path log;

    @BeforeEach
    void startWithASmallHeap() throws IOException {
        log = folder.resolve("service.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                InventoryApplication.class.getName()));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_PORT", "0");
        environment.put("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1");
        environment.put("MANAGEMENT_SERVER_PORT", "0");
        environment.put("SPRING_DATASOURCE_URL", DATABASE.url());
        environment.put("SPRING_DATASOURCE_USERNAME", DATABASE.username());
        environment.put("SPRING_DATASOURCE_PASSWORD", DATABASE.password());
        environment.put("SPRING_DATA_REDIS_HOST", TestStores.redis().host());
        environment.put(
                "SPRING_DATA_REDIS_PORT", Integer.toString(TestStores.redis().port()));
        environment.put(
                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI",
                TestStores.issuer().issuerUri());
        environment.put("INVENTORY_IMPORT_MAX_SIZE", "1GB");
        service = builder.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.destroy();
        if (!service.waitFor(30, TimeUnit.SECONDS)) {
            service.destroyForcibly();
        }
    }

    @Test
    void importsAHundredThousandRowsInASmallHeap() throws IOException, InterruptedException {
        int port = port();

        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/films/import"))
                        .header("Authorization", "Bearer " + Caller.EDITOR)
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(Rows::new))
                        .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode report = new JsonMapper().readTree(answer.body());
        assertThat(report.path("received").asInt()).isEqualTo(ROWS);
        assertThat(report.path("created").asInt()).isEqualTo(ROWS - ROWS / 1_000);
        assertThat(report.path("rejected").asInt()).isEqualTo(ROWS / 1_000);
        assertThat(JdbcClient.create(
                                new DriverManagerDataSource(DATABASE.url(), DATABASE.username(), DATABASE.password()))
                        .sql("SELECT count(*) FROM films")
                        .query(Integer.class)
                        .single())
                .isEqualTo(ROWS - ROWS / 1_000);
        assertThat(service.isAlive()).isTrue();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(Files.readString(log), e);
        }
    }

    private int port() {
        String mark = "Tomcat started on port ";
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> {
                            assertThat(service.isAlive())
                                    .as(Files.readString(log))
                                    .isTrue();
                            // The public port is the first of two.
                            return Files.readAllLines(log).stream()
                                    .filter(line -> line.contains(mark))
                                    .map(line -> line.substring(line.indexOf(mark) + mark.length()))
                                    .map(line -> Integer.parseInt(line.substring(0, line.indexOf(' '))))
                                    .toList();
                        },
                        ports -> ports.size() == 2)
                .getFirst();
    }

    /** The file that never is: one row at a time, every thousandth of them bad. */
    private static final class Rows extends InputStream {

        private int row;
        private byte[] line = new byte[0];
        private int position;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (position == line.length) {
                if (row == ROWS) {
                    return -1;
                }
                row++;
                int year = row % 1_000 == 0 ? 1700 : 2000;
                line = ("{\"title\": \"Film " + row + "\", \"year\": " + year
                                + ", \"genres\": [\"war\"], \"price\": {\"amountMinor\": 1, \"currency\": \"EUR\"}, \"description\": \""
                                + DESCRIPTION + "\"" + PADDING + "}\n")
                        .getBytes(StandardCharsets.UTF_8);
                position = 0;
            }
            int n = Math.min(length, line.length - position);
            System.arraycopy(Arrays.copyOfRange(line, position, position + n), 0, buffer, offset, n);
            position += n;
            return n;
        }
    }
}
