package dev.gatehouse.gateway.apidocs;

import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves Swagger UI from its package with a start script of our own. The gateway documents no code of its own, so a
 * scanner of annotations would be dead weight here.
 */
@Configuration(proxyBeanMethods = false)
class SwaggerUi implements WebFluxConfigurer {

    static final String BASE = "/swagger-ui/";

    private static final String PAGE = BASE + "index.html";
    private static final String START_SCRIPT = BASE + "swagger-initializer.js";
    private static final String PACKAGE_PROPERTIES = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final MediaType JAVASCRIPT = MediaType.parseMediaType("text/javascript;charset=UTF-8");

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler(BASE + "**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/swagger-ui/" + version() + "/")
                // Kept, but asked for each time: the file names carry no version.
                .setCacheControl(CacheControl.noCache());
    }

    @Bean
    RouterFunction<ServerResponse> swaggerUiRoutes(ApiDocsProperties properties, JsonMapper json) {
        String script = startScript(properties, json);
        return RouterFunctions.route()
                .path("/api-docs", docs -> docs.route(request -> true, readOnly(SwaggerUi::toPage)))
                .route(
                        request -> request.path().equals(START_SCRIPT),
                        readOnly(request -> ServerResponse.ok()
                                .contentType(JAVASCRIPT)
                                .cacheControl(CacheControl.noCache())
                                .bodyValue(script)))
                .build();
    }

    private static Mono<ServerResponse> toPage(ServerRequest request) {
        boolean exact = request.path().equals("/api-docs") || request.path().equals("/api-docs/");
        return exact
                ? ServerResponse.status(HttpStatus.FOUND)
                        .location(URI.create(PAGE))
                        .build()
                : Mono.error(new Refused(ProblemType.NOT_FOUND, "There is nothing at this path."));
    }

    private static HandlerFunction<ServerResponse> readOnly(HandlerFunction<ServerResponse> handler) {
        return request -> request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD
                ? handler.handle(request)
                : Mono.error(new Refused(ProblemType.METHOD_NOT_ALLOWED, "This can only be read.")
                        .with(HttpHeaders.ALLOW, "GET, HEAD"));
    }

    private static String startScript(ApiDocsProperties properties, JsonMapper json) {
        String options = json.writeValueAsString(Map.of(
                "urls",
                properties.documents(),
                "urls.primaryName",
                properties.documents().getFirst().name(),
                "dom_id",
                "#swagger-ui",
                "deepLinking",
                true,
                "displayRequestDuration",
                true,
                "layout",
                "StandaloneLayout",
                // A link must not make the page load a foreign document, and no document leaves the page.
                "queryConfigEnabled",
                false,
                "validatorUrl",
                "none"));
        String login = json.writeValueAsString(Map.of(
                "clientId", properties.clientId(),
                "scopes", List.copyOf(properties.scopes()),
                "usePkceWithAuthorizationCodeGrant", true));
        return """
                window.onload = function () {
                  const options = %s;
                  options.oauth2RedirectUrl = new URL("oauth2-redirect.html", window.location.href).href;
                  options.presets = [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset];
                  options.plugins = [SwaggerUIBundle.plugins.DownloadUrl];
                  window.ui = SwaggerUIBundle(options);
                  window.ui.initOAuth(%s);
                };
                """.formatted(options, login);
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = new ClassPathResource(PACKAGE_PROPERTIES).getInputStream()) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The Swagger UI package is not on the class path", e);
        }
        return properties.getProperty("version");
    }
}
