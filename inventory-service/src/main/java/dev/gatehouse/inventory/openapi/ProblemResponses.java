package dev.gatehouse.inventory.openapi;

import dev.gatehouse.inventory.catalogue.Genre;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Adds to each operation the errors that follow from its shape, so that no controller has to repeat them. */
final class ProblemResponses implements OpenApiCustomizer {

    private static final String PROBLEM = "#/components/schemas/Problem";

    @Override
    public void customise(OpenAPI document) {
        Components components = document.getComponents();
        components.addSchemas(
                "Genre",
                string().description("A genre")
                        ._enum(Arrays.stream(Genre.values()).map(Genre::label).toList()));
        components.addSchemas("Money", money());
        components.addSchemas("Problem", problem());
        Map<String, ApiResponse> all = responses();
        all.forEach(components::addResponses);
        document.getPaths().forEach((path, item) -> item.readOperations().forEach(operation -> add(path, operation)));
    }

    private static Map<String, ApiResponse> responses() {
        Map<String, ApiResponse> responses = new LinkedHashMap<>();
        responses.put("BadRequest", response("malformed-request or invalid-request: every wrong field is named"));
        responses.put(
                "Unauthenticated",
                response("unauthenticated: no token, or not a valid one")
                        .addHeaderObject("WWW-Authenticate", new Header().schema(string())));
        responses.put("Forbidden", response("forbidden: the token lacks the scope"));
        responses.put("NotFound", response("not-found"));
        responses.put("NotAcceptable", response("not-acceptable: only JSON is offered"));
        responses.put("Conflict", response("conflict, insufficient-stock or unknown-film: nothing was changed"));
        responses.put("PreconditionFailed", response("precondition-failed: the film is at another version"));
        responses.put("PayloadTooLarge", response("payload-too-large"));
        responses.put("UnsupportedMediaType", response("unsupported-media-type"));
        responses.put("PreconditionRequired", response("precondition-required: If-Match is absent"));
        responses.put("InternalError", response("internal-error: quote the trace id"));
        responses.put(
                "ServiceUnavailable",
                response("service-unavailable: try again")
                        .addHeaderObject(
                                "Retry-After",
                                new Header().description("Seconds").schema(typed("integer"))));
        return responses;
    }

    private static void add(String path, Operation operation) {
        ApiResponses responses = operation.getResponses();
        refer(responses, "400", "BadRequest");
        refer(responses, "406", "NotAcceptable");
        refer(responses, "500", "InternalError");
        refer(responses, "503", "ServiceUnavailable");
        if (operation.getSecurity() != null && !operation.getSecurity().isEmpty()) {
            refer(responses, "401", "Unauthenticated");
            refer(responses, "403", "Forbidden");
        }
        if (path.contains("{")) {
            refer(responses, "404", "NotFound");
        }
        if (operation.getRequestBody() != null) {
            refer(responses, "413", "PayloadTooLarge");
            refer(responses, "415", "UnsupportedMediaType");
        }
        boolean conditional = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "If-Match".equals(parameter.getName()));
        if (conditional) {
            refer(responses, "412", "PreconditionFailed");
            refer(responses, "428", "PreconditionRequired");
        }
    }

    private static void refer(ApiResponses responses, String status, String name) {
        responses.addApiResponse(status, new ApiResponse().$ref("#/components/responses/" + name));
    }

    private static ApiResponse response(String description) {
        return new ApiResponse()
                .description(description)
                .content(new Content()
                        .addMediaType(
                                "application/problem+json", new MediaType().schema(new Schema<>().$ref(PROBLEM))));
    }

    private static Schema<?> money() {
        return typed("object")
                .description("An amount in the currency's minor unit: 1299 EUR is 12.99 euros")
                .addProperty(
                        "amountMinor",
                        typed("integer")
                                .format("int64")
                                .minimum(BigDecimal.ZERO)
                                .maximum(BigDecimal.valueOf(100_000_000)))
                .addProperty("currency", string().description("ISO 4217 code").pattern("^[A-Z]{3}$"))
                .required(List.of("amountMinor", "currency"));
    }

    private static Schema<?> problem() {
        Schema<?> error = typed("object")
                .addProperty("field", string().description("JSON path, or name of a parameter, header or column"))
                .addProperty("code", string().description("Stable, for programs"))
                .addProperty("message", string().description("For people"))
                .addProperty("limit", typed("integer").format("int64").description("The bound that was broken"))
                .required(List.of("field", "code", "message"));
        return typed("object")
                .description("RFC 9457 problem details")
                .addProperty("type", string().format("uri"))
                .addProperty("title", string())
                .addProperty("status", typed("integer").format("int32"))
                .addProperty("detail", string())
                .addProperty("instance", string().format("uri-reference"))
                .addProperty("errors", typed("array").items(error))
                .addProperty("traceId", string())
                .required(List.of("type", "title", "status", "detail", "instance"));
    }

    private static Schema<String> string() {
        Schema<String> schema = new Schema<>(SpecVersion.V31);
        schema.addType("string");
        return schema;
    }

    private static Schema<Object> typed(String type) {
        Schema<Object> schema = new Schema<>(SpecVersion.V31);
        schema.addType(type);
        return schema;
    }
}
