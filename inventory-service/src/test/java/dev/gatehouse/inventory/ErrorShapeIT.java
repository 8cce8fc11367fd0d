package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.inventory.Caller.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

@IntegrationTest
class ErrorShapeIT {

    @Autowired
    Caller caller;

    @Autowired
    Environment environment;

    @ParameterizedTest
    @CsvSource({
        "GET, /api/nothing, 404, not-found",
        "GET, /api/films/019b7700-0000-7000-8000-00000000ffff, 404, not-found",
        "GET, /api/reservations/019b7700-0000-7000-8000-00000000eeee, 404, not-found",
        "GET, /, 404, not-found",
        "PUT, /api/films, 405, method-not-allowed",
        "DELETE, /api/films/019b7700-0000-7000-8000-00000000ffff/stock, 405, method-not-allowed",
        "POST, /api/films, 415, unsupported-media-type",
        "POST, /api/films/import, 415, unsupported-media-type",
        "PATCH, /api/films/019b7700-0000-7000-8000-00000000ffff, 415, unsupported-media-type"
    })
    void answersInOneShape(String method, String path, int status, String problem) {
        Answer answer =
                caller.call(method, path).asEditor().body("text/plain", "x").send();

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("title").asString()).isNotBlank();
        assertThat(answer.json().path("detail").asString()).isNotBlank();
        assertThat(answer.json().path("instance").asString()).isEqualTo(path);
    }

    @Test
    void saysWhatAnAddressTakes() {
        Answer method = caller.call("PATCH", "/api/films").asEditor().send();
        Answer type = caller.call("POST", "/api/films")
                .asEditor()
                .body("text/xml", "<x/>")
                .send();

        assertThat(method.header("Allow")).contains("GET").contains("POST");
        assertThat(type.header("Accept")).contains("application/json");
    }

    @Test
    void answers406InTheShapeOfProblemsAllTheSame() {
        Answer answer = caller.get("/api/films").header("Accept", "text/html").send();

        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.problem()).isEqualTo("not-acceptable");
    }

    @Test
    void repeatsTheCallersTraceId() {
        Answer answer = caller.get("/api/nothing")
                .asEditor()
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .send();

        assertThat(answer.json().path("traceId").asString()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//api/films", "/api/films;a=b", "/api/%2e%2e/films", "/api/films%2F1"})
    void refusesAddressesThatHideSomething(String path) {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "malformed-request");
    }

    @Test
    void refusesAHeaderThatIsTooLarge() {
        String answer = raw("GET /api/films HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "malformed-request");
    }

    @Test
    void refusesARequestLineThatIsNone() {
        String answer = raw("GET /api/films?q=<> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "malformed-request");
    }

    @Test
    void refusesAQueryWhoseEncodingIsBroken() {
        String answer = raw("GET /api/films?q=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "malformed-request");
    }

    /** What an HTTP client would not send. */
    private String raw(String request) {
        int port = environment.getRequiredProperty("local.server.port", Integer.class);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
