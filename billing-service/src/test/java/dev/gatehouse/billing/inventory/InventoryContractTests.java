package dev.gatehouse.billing.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.money.Money;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What billing asks of inventory is what inventory's own contract promises. */
class InventoryContractTests {

    private static final Map<Class<?>, String> TYPES = Map.of(
            String.class, "string",
            UUID.class, "string",
            Instant.class, "string",
            Reservation.State.class, "string",
            int.class, "integer",
            long.class, "integer",
            List.class, "array",
            Money.class, "object");

    private static JsonNode contract;

    @BeforeAll
    static void read() throws IOException {
        try (Reader yaml = Files.newBufferedReader(Path.of("..", "inventory-service", "api", "openapi.yaml"))) {
            contract = JsonMapper.builder().build().valueToTree(new Yaml().<Object>load(yaml));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/films/{id}, get, 200, Film",
        "/api/reservations, get, 200, ReservationList",
        "/api/reservations/{orderId}, put, 200, Reservation",
        "/api/reservations/{orderId}, put, 201, Reservation",
        "/api/reservations/{orderId}/confirm, post, 200, Reservation",
        "/api/reservations/{orderId}/release, post, 200, Reservation"
    })
    void promisesTheAnswersBillingReads(String path, String method, String status, String schema) {
        JsonNode content = contract.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(status)
                .path("content");

        assertThat(content.path("application/json").path("schema").path("$ref").asString())
                .isEqualTo("#/components/schemas/" + schema);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/films/{id}, get, 404",
        "/api/reservations/{orderId}, put, 409",
        "/api/reservations/{orderId}/confirm, post, 409",
        "/api/reservations/{orderId}/release, post, 409"
    })
    void promisesTheRefusalsBillingTellsApart(String path, String method, String status) {
        JsonNode response =
                contract.path("paths").path(path).path(method).path("responses").path(status);

        assertThat(resolved(response).path("content").has("application/problem+json"))
                .isTrue();
    }

    @Test
    void alwaysSendsWhatBillingReads() {
        assertPromised(Reservation.class, "Reservation");
        assertPromised(Reservation.Line.class, "ReservationLine");
        assertPromised(ReservationList.class, "ReservationList");
        assertPromised(ReservationState.class, "Reservation");
        assertPromised(FilmResponse.class, "Film");
        assertPromised(Money.class, "Money");
        assertThat(schema("Problem").path("required").valueStream().map(JsonNode::asString))
                .contains("type", "detail");
    }

    @Test
    void knowsTheStatesBillingKnows() {
        assertThat(schema("Reservation")
                        .at("/properties/state/enum")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyInAnyOrder(Arrays.stream(Reservation.State.values())
                        .map(Enum::name)
                        .toArray(String[]::new));
    }

    @Test
    void takesTheLargestReservationBillingAsksFor() {
        JsonNode request = schema("ReserveStockRequest");
        JsonNode line = resolved(request.at("/properties/lines/items"));

        assertAccepted(ReserveStockRequest.class, request);
        assertAccepted(ReservationLine.class, line);
        assertThat(request.at("/properties/lines/maxItems").asInt()).isGreaterThanOrEqualTo(100);
        assertThat(line.at("/properties/quantity/maximum").asInt()).isGreaterThanOrEqualTo(100);
        assertThat(7200)
                .isBetween(
                        request.at("/properties/expiresInSeconds/minimum").asInt(),
                        request.at("/properties/expiresInSeconds/maximum").asInt());
    }

    private static void assertPromised(Class<?> type, String name) {
        JsonNode schema = schema(name);
        assertThat(schema.path("required").valueStream().map(JsonNode::asString))
                .as(name)
                .contains(components(type));
        assertTypes(type, schema);
    }

    private static void assertAccepted(Class<?> type, JsonNode schema) {
        assertThat(components(type))
                .as("sent is all that is required")
                .containsAll(schema.path("required")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList());
        assertTypes(type, schema);
    }

    private static void assertTypes(Class<?> type, JsonNode schema) {
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode property = resolved(schema.path("properties").path(component.getName()));
            JsonNode promised = property.path("type");
            String expected = TYPES.get(component.getType());
            assertThat(promised.isArray() ? promised.get(0).asString() : promised.asString())
                    .as(type.getSimpleName() + "." + component.getName())
                    .isEqualTo(expected);
        }
    }

    private static String[] components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new);
    }

    private static JsonNode schema(String name) {
        return contract.path("components").path("schemas").path(name);
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? contract.at(node.path("$ref").asString().substring(1)) : node;
    }
}
