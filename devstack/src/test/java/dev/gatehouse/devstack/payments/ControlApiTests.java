package dev.gatehouse.devstack.payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlApiTests {

    @TempDir
    Path directory;

    final HttpClient http = HttpClient.newHttpClient();
    PaymentProviderSimulator simulator;

    @BeforeEach
    void start() {
        simulator = PaymentProviderSimulator.start(PaymentProviderSettings.in(directory));
    }

    @AfterEach
    void stop() {
        simulator.close();
        http.close();
    }

    @Test
    void plansShowsAndClearsFaults() throws Exception {
        String plan = """
                {"operation":"capture","fault":"error-after","orderId":"order-1","times":3,"delayMillis":10}""";

        HttpResponse<String> planned = send("POST", "/control/faults", plan);

        assertThat(planned.statusCode()).isEqualTo(200);
        FaultPlan armed = simulator.faults().getFirst();
        assertThat(armed.operation()).isEqualTo(Operation.CAPTURE);
        assertThat(armed.fault()).isEqualTo(Fault.ERROR_AFTER);
        assertThat(armed.orderId()).isEqualTo("order-1");
        assertThat(armed.times()).isEqualTo(3);
        assertThat(send("GET", "/control/faults", "").body()).contains("error-after");
        assertThat(send("DELETE", "/control/faults", "").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"fault\":\"flood\"}",
                "{\"operation\":\"steal\",\"fault\":\"delay\"}",
                "{}",
                "{\"fault\":\"delay\",\"surprise\":1}",
                "{\"fault\":\"delay\",\"times\":0}",
                "not json"
            })
    void refusesAPlanItDoesNotUnderstand(String plan) throws Exception {
        assertThat(send("POST", "/control/faults", plan).statusCode()).isEqualTo(400);
        assertThat(simulator.faults()).isEmpty();
    }

    @Test
    void showsTheJournalAndTheWebhooks() throws Exception {
        send("POST", "/v1/payment_intents", "amount=100&currency=usd&payment_method=pm_card_visa&confirm=true");

        assertThat(send("GET", "/control/journal", "").body()).contains("\"effect\":\"captured\"");
        assertThat(send("GET", "/control/webhooks", "").body()).contains("payment_intent.succeeded");
        assertThat(send("POST", "/control/webhooks/evt_unknown/resend", "").statusCode())
                .isEqualTo(404);
        String event = simulator.webhooks().getFirst().id();
        assertThat(send("POST", "/control/webhooks/" + event + "/resend", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void wantsTheApiKey() throws Exception {
        HttpRequest anonymous = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/control/journal"))
                .build();

        assertThat(http.send(anonymous, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        HttpRequest health = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/health"))
                .build();
        assertThat(http.send(health, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("UP");
    }

    @Test
    void readsAChunkedBodyAndKeepsTheConnection() throws Exception {
        String head = "POST /v1/payment_intents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + simulator.apiKey()
                + "\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunks = "a\r\namount=100\r\nd\r\n&currency=usd\r\n0\r\n\r\n";

        try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
            socket.getOutputStream()
                    .write((head + chunks + "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answers).contains("requires_payment_method").endsWith("UP");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'nonsense\r\n\r\n',400",
        "'GET / HTTP/1.1\r\nbroken\r\n\r\n',400",
        "'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',400",
        "'POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n',413",
        "'GET /v1/nothing HTTP/1.1\r\nConnection: close\r\n\r\n',401"
    })
    void answersMalformedRequests(String request, int status) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                .header("Authorization", "Bearer " + simulator.apiKey())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
