package dev.gatehouse.billing.openapi;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.OAuthFlow;
import io.swagger.v3.oas.models.security.OAuthFlows;
import io.swagger.v3.oas.models.security.Scopes;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String SCHEME = "oidc";
    private static final String PROBLEM = "Problem";

    /** What any operation may answer besides what it declares itself. */
    private static final Map<String, String> EVERYWHERE = Map.of(
            "400", "The request breaks a rule; errors names each field.",
            "401", "No access token, or one that is not accepted.",
            "403", "The token lacks the scope.",
            "406", "No form that Accept allows.",
            "500", "Our fault; report the trace id.",
            "503", "Something this needs is down or full; Retry-After says when to repeat.");

    @Bean
    OpenAPI billing(OpenApiProperties properties) {
        var flow = new OAuthFlow()
                .authorizationUrl(properties.authorizationUrl().toString())
                .tokenUrl(properties.tokenUrl().toString())
                .scopes(new Scopes()
                        .addString("orders.read", "Read one's own cart and orders")
                        .addString("orders.write", "Change one's own cart, place and cancel orders")
                        .addString("ops", "Read every order, decide about parked work"));
        return new OpenAPI()
                .info(new Info()
                        .title("Gatehouse billing")
                        .version("1")
                        .description("Carts and orders. Errors are problem details (RFC 9457),"
                                + " amounts are whole minor units, ids"
                                + " are UUIDs, times are UTC."))
                .servers(List.of(new Server().url("/")))
                .components(new Components()
                        .addSecuritySchemes(
                                SCHEME,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.OAUTH2)
                                        .flows(new OAuthFlows().authorizationCode(flow))))
                .addSecurityItem(new SecurityRequirement().addList(SCHEME));
    }

    @Bean
    OpenApiCustomizer problems() {
        return document -> {
            ModelConverters.getInstance().readAll(Problem.class).forEach(document.getComponents()::addSchemas);
            document.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(OpenApiConfiguration::addProblems);
        };
    }

    private static void addProblems(Operation operation) {
        EVERYWHERE.forEach((status, description) ->
                operation.getResponses().computeIfAbsent(status, absent -> new ApiResponse().description(description)));
        operation.getResponses().forEach((status, response) -> {
            if (status.startsWith("4") || status.startsWith("5")) {
                response.setContent(new Content()
                        .addMediaType(
                                org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
            }
        });
    }
}
