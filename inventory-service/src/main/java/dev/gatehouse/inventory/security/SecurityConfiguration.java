package dev.gatehouse.inventory.security;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import dev.gatehouse.inventory.problem.Problems;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.client.RestTemplate;

/** Who may do what, top to bottom as it matches. CORS is the gateway's: no browser reaches this service directly. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String CATALOGUE_WRITE = "SCOPE_catalogue.write";
    private static final String STOCK_WRITE = "SCOPE_stock.write";
    private static final String STOCK_RESERVE = "SCOPE_stock.reserve";

    /** The management port is open to whoever can reach it, and is never routed from outside. */
    @Bean
    @Order(1)
    SecurityFilterChain management(HttpSecurity http) {
        return stateless(http)
                .securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain api(HttpSecurity http, Problems problems) {
        AccessProblems access = new AccessProblems(problems);
        return stateless(http)
                .authorizeHttpRequests(requests -> requests
                        // The first dispatch of the same request was already decided.
                        .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers(GET, "/v3/api-docs/**", "/v3/api-docs.yaml", "/api/films/**")
                        .permitAll()
                        .requestMatchers(POST, "/api/films/*/stock/adjustments")
                        .hasAuthority(STOCK_WRITE)
                        .requestMatchers(POST, "/api/films/**")
                        .hasAuthority(CATALOGUE_WRITE)
                        .requestMatchers(PUT, "/api/films/**")
                        .hasAuthority(CATALOGUE_WRITE)
                        .requestMatchers(PATCH, "/api/films/**")
                        .hasAuthority(CATALOGUE_WRITE)
                        .requestMatchers(DELETE, "/api/films/**")
                        .hasAuthority(CATALOGUE_WRITE)
                        .requestMatchers("/api/reservations/**")
                        .hasAuthority(STOCK_RESERVE)
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.authenticationEntryPoint(access)
                        .accessDeniedHandler(access)
                        .jwt(jwt -> {}))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(access).accessDeniedHandler(access))
                .addFilterBefore(new IssuerOutage(problems), BearerTokenAuthenticationFilter.class)
                .build();
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .cors(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    /**
     * Boot sets the issuer and the audience from properties, but with an issuer URI it takes any algorithm that fits a
     * published key, and waits half a minute for an issuer that hangs.
     */
    @Bean
    JwkSetUriJwtDecoderBuilderCustomizer tokenRules() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(Duration.ofSeconds(2));
        requests.setReadTimeout(Duration.ofSeconds(2));
        return builder -> builder.restOperations(new RestTemplate(requests)).jwsAlgorithms(algorithms -> {
            algorithms.clear();
            algorithms.addAll(Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256));
        });
    }

    /** One observation a request, the web server's; one more for each security filter costs more than it tells. */
    @Bean
    SecurityObservationSettings noObservationPerFilter() {
        return SecurityObservationSettings.noObservations();
    }

    /** Encoded slashes, path parameters and the like: refused before anything is matched, in our shape. */
    @Bean
    RequestRejectedHandler rejectedRequests(Problems problems) {
        return (request, response, rejected) ->
                problems.malformed(request, response, "The address or a header holds characters that are refused");
    }
}
