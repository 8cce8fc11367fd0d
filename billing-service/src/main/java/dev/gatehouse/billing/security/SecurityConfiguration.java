package dev.gatehouse.billing.security;

import dev.gatehouse.billing.problem.SecurityProblems;
import jakarta.servlet.DispatcherType;
import java.util.List;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String READ = "SCOPE_orders.read";
    private static final String WRITE = "SCOPE_orders.write";
    private static final String OPS = "SCOPE_ops";

    @Bean
    SecurityFilterChain api(HttpSecurity http, SecurityProblems problems) {
        return http.authorizeHttpRequests(requests -> requests
                        // A request was checked before it is dispatched again.
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                        .permitAll()
                        // Reached on the management port only, which is never routed from outside.
                        .requestMatchers(EndpointRequest.toAnyEndpoint())
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/v3/api-docs", "/v3/api-docs/**", "/v3/api-docs.yaml")
                        .permitAll()
                        // The payment provider has no token of ours: its signature is checked.
                        .requestMatchers(HttpMethod.POST, "/api/webhooks/payments")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/api/orders", "/api/orders/**")
                        .hasAnyAuthority(READ, OPS)
                        .requestMatchers("/api/orders/*/refunds", "/api/orders/*/refunds/**")
                        .hasAuthority(OPS)
                        .requestMatchers("/api/orders", "/api/orders/**")
                        .hasAuthority(WRITE)
                        .requestMatchers(HttpMethod.GET, "/api/cart", "/api/cart/**")
                        .hasAuthority(READ)
                        .requestMatchers("/api/cart", "/api/cart/**")
                        .hasAuthority(WRITE)
                        .requestMatchers(HttpMethod.GET, "/api/customers/**")
                        .hasAuthority(READ)
                        .requestMatchers("/api/customers/**")
                        .hasAuthority(WRITE)
                        .requestMatchers("/api/operations", "/api/operations/**")
                        .hasAuthority(OPS)
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults())
                        .authenticationEntryPoint(problems)
                        .accessDeniedHandler(problems))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Tokens travel in a header that no other site can make a browser send.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /**
     * With an issuer address the property alone is not applied: every algorithm of the issuer's key set would be
     * accepted.
     */
    @Bean
    JwkSetUriJwtDecoderBuilderCustomizer acceptedAlgorithms(OAuth2ResourceServerProperties properties) {
        List<SignatureAlgorithm> accepted = properties.getJwt().getJwsAlgorithms().stream()
                .map(SignatureAlgorithm::from)
                .toList();
        return decoder -> decoder.jwsAlgorithms(algorithms -> {
            algorithms.clear();
            algorithms.addAll(accepted);
        });
    }

    /** One observation a request, the web server's; one more for each security filter costs more than it tells. */
    @Bean
    SecurityObservationSettings noObservationPerFilter() {
        return SecurityObservationSettings.noObservations();
    }

    /** Everything here belongs to somebody. */
    @Bean
    OAuth2TokenValidator<Jwt> subjectIsPresent() {
        return new JwtClaimValidator<String>(JwtClaimNames.SUB, subject -> subject != null && !subject.isBlank());
    }
}
