package dev.gatehouse.inventory.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.OAuthFlow;
import io.swagger.v3.oas.models.security.OAuthFlows;
import io.swagger.v3.oas.models.security.Scopes;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenApiProperties.class)
class OpenApiConfiguration {

    @Bean
    OpenAPI document(OpenApiProperties properties) {
        OAuthFlow flow = new OAuthFlow()
                .authorizationUrl(properties.authorizationUrl())
                .tokenUrl(properties.tokenUrl())
                .scopes(new Scopes()
                        .addString("catalogue.write", "Change the catalogue")
                        .addString("stock.write", "Change the stock")
                        .addString("stock.reserve", "Hold stock for orders"));
        return new OpenAPI()
                .info(new Info()
                        .title("Gatehouse inventory")
                        .description("The film catalogue and the stock.")
                        .version("1")
                        .license(new License().name("MIT")))
                .servers(List.of(new Server().url("/").description("Wherever this document came from")))
                .components(new Components()
                        .addSecuritySchemes(
                                "oidc",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.OAUTH2)
                                        .flows(new OAuthFlows().authorizationCode(flow))));
    }

    @Bean
    OpenApiCustomizer problemResponses() {
        return new ProblemResponses();
    }
}
