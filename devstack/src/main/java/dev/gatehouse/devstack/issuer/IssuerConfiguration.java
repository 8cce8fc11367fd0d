package dev.gatehouse.devstack.issuer;

import static org.springframework.security.config.Customizer.withDefaults;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The issuer's parts. The auto-configurations are named one by one: the issuer runs inside other programs, whose class
 * path must not decide what it is.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@ImportAutoConfiguration({
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class
})
class IssuerConfiguration {

    private static final String AUDIENCE = "gatehouse";
    private static final Duration REFRESH_TOKEN_LIFE = Duration.ofHours(8);
    private static final Duration PREFLIGHT_LIFE = Duration.ofHours(1);

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http, RegisteredClientRepository clients, Grants grants) {
        PublicClientRefresh publicRefresh = new PublicClientRefresh(clients);
        return http.oauth2AuthorizationServer(server -> {
                    http.securityMatcher(server.getEndpointsMatcher());
                    server.authorizationServerMetadataEndpoint(withDefaults());
                    server.oidc(oidc ->
                            oidc.providerConfigurationEndpoint(endpoint -> endpoint.providerConfigurationCustomizer(
                                    document -> document.idTokenSigningAlgorithms(names -> {
                                        names.clear();
                                        names.add(SignatureAlgorithm.RS256.getName());
                                    }))));
                    server.authorizationEndpoint(endpoint -> endpoint.authorizationRequestConverters(
                                    converters -> converters.replaceAll(converter -> request -> {
                                        var asked = converter.convert(request);
                                        return asked == null ? null : grants.cutToRole(asked);
                                    }))
                            .authenticationProviders(providers -> providers.forEach(provider -> {
                                if (provider instanceof OAuth2AuthorizationCodeRequestAuthenticationProvider codes) {
                                    codes.setAuthenticationValidator(
                                            new OAuth2AuthorizationCodeRequestAuthenticationValidator()
                                                    .andThen(grants::refuseForeignScopes));
                                }
                            })));
                    server.tokenEndpoint(endpoint -> endpoint.accessTokenRequestConverters(
                            converters -> converters.replaceAll(converter -> defaultScopes(converter, grants))));
                    server.clientAuthentication(
                            client -> client.authenticationConverters(converters -> converters.addFirst(publicRefresh))
                                    .authenticationProviders(providers -> providers.addFirst(publicRefresh)));
                })
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .oauth2ResourceServer(server -> server.jwt(withDefaults())) // the user-info endpoint
                .cors(withDefaults())
                .exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(
                        new LoginUrlAuthenticationEntryPoint("/login"),
                        new MediaTypeRequestMatcher(MediaType.TEXT_HTML)))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain pages(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/login", "/error")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/login"))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")))
                .build();
    }

    private static AuthenticationConverter defaultScopes(AuthenticationConverter converter, Grants grants) {
        return request -> {
            var asked = converter.convert(request);
            return asked == null ? null : grants.allWhenNoneNamed(asked);
        };
    }

    @Bean
    RouterFunction<ServerResponse> loginPages() {
        return LoginPages.routes();
    }

    @Bean
    Grants grants(IssuerSettings settings) {
        return new Grants(settings);
    }

    @Bean
    RandomSecrets passwordEncoder() {
        return new RandomSecrets();
    }

    @Bean
    UserDetailsService users(IssuerSettings settings, RandomSecrets secrets) {
        return new InMemoryUserDetailsManager(settings.users().stream()
                .map(user -> User.withUsername(user.name())
                        .password(secrets.encode(user.password()))
                        .roles(user.roles().stream().map(Role::name).toArray(String[]::new))
                        .build())
                .toList());
    }

    @Bean
    RegisteredClientRepository clients(IssuerSettings settings, RandomSecrets secrets) {
        TokenSettings tokens = TokenSettings.builder()
                .accessTokenTimeToLive(settings.accessTokenLife())
                .refreshTokenTimeToLive(REFRESH_TOKEN_LIFE)
                .reuseRefreshTokens(false)
                .idTokenSignatureAlgorithm(SignatureAlgorithm.RS256)
                .build();
        List<RegisteredClient> all = new ArrayList<>();
        for (IssuerSettings.Client client : settings.clients()) {
            all.add(RegisteredClient.withId(client.id())
                    .clientId(client.id())
                    .clientSecret(secrets.encode(client.secret()))
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                    .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                    .scopes(scopes -> scopes.addAll(Role.scopesOf(client.roles())))
                    .tokenSettings(tokens)
                    .build());
        }
        all.add(RegisteredClient.withId(IssuerSettings.PUBLIC_CLIENT_ID)
                .clientId(IssuerSettings.PUBLIC_CLIENT_ID)
                .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUris(uris -> uris.addAll(redirectUris(settings)))
                .postLogoutRedirectUris(uris -> uris.addAll(settings.postLogoutRedirectUris()))
                .scopes(scopes -> {
                    scopes.addAll(Set.of(OidcScopes.OPENID, OidcScopes.PROFILE));
                    scopes.addAll(Role.scopesOf(Set.of(Role.values())));
                })
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false)
                        .build())
                .tokenSettings(tokens)
                .build());
        return new InMemoryRegisteredClientRepository(all);
    }

    /** The framework wants at least one; without any nobody can be sent back anywhere. */
    private static Set<String> redirectUris(IssuerSettings settings) {
        return settings.redirectUris().isEmpty() ? Set.of(settings.issuerUri() + "/nowhere") : settings.redirectUris();
    }

    @Bean
    AuthorizationServerSettings addresses(IssuerSettings settings) {
        return AuthorizationServerSettings.builder()
                .issuer(settings.issuerUri())
                .build();
    }

    @Bean
    RecentAuthorizations authorizations() {
        return new RecentAuthorizations();
    }

    @Bean
    JWKSource<SecurityContext> publishedKeys(SigningKeys keys) {
        return (selector, context) -> selector.select(keys.published());
    }

    @Bean
    JwtDecoder ownTokens(JWKSource<SecurityContext> publishedKeys) {
        return OAuth2AuthorizationServerConfiguration.jwtDecoder(publishedKeys);
    }

    @Bean
    OAuth2TokenGenerator<?> tokens(SigningKeys keys, Grants grants) {
        JwtGenerator jwts =
                new JwtGenerator(new NimbusJwtEncoder((selector, context) -> selector.select(keys.signing())));
        jwts.setJwtCustomizer(context -> describe(context, grants));
        SecureRandom random = new SecureRandom();
        return new DelegatingOAuth2TokenGenerator(jwts, context -> refreshToken(context, random));
    }

    private static void describe(JwtEncodingContext context, Grants grants) {
        context.getJwsHeader().algorithm(SignatureAlgorithm.RS256);
        boolean ownToken = AuthorizationGrantType.CLIENT_CREDENTIALS.equals(context.getAuthorizationGrantType());
        Set<Role> roles = ownToken
                ? grants.rolesOfClient(context.getRegisteredClient().getClientId())
                : grants.rolesOfUser(((Authentication) Objects.requireNonNull(context.getPrincipal())).getName());
        context.getClaims()
                .claim("roles", roles.stream().map(Role::claim).sorted().toList());
        if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
            context.getClaims().audience(List.of(AUDIENCE));
        }
    }

    private static @Nullable OAuth2RefreshToken refreshToken(OAuth2TokenContext context, SecureRandom random) {
        if (!OAuth2TokenType.REFRESH_TOKEN.equals(context.getTokenType())) {
            return null;
        }
        byte[] bytes = new byte[48];
        random.nextBytes(bytes);
        Instant now = Instant.now();
        return new OAuth2RefreshToken(
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), now, now.plus(REFRESH_TOKEN_LIFE));
    }

    /** Only what a browser application calls by script; the pages are nobody else's. */
    @Bean
    CorsConfigurationSource corsConfigurationSource(IssuerSettings settings) {
        CorsConfiguration policy = new CorsConfiguration();
        policy.setAllowedOrigins(settings.allowedOrigins().stream().sorted().toList());
        policy.setAllowedMethods(List.of("GET", "POST"));
        policy.setAllowedHeaders(List.of("Authorization", "Content-Type", "Accept", "X-Requested-With"));
        policy.setMaxAge(PREFLIGHT_LIFE);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        for (String path : List.of("/oauth2/token", "/oauth2/revoke", "/oauth2/jwks", "/userinfo", "/.well-known/**")) {
            source.registerCorsConfiguration(path, policy);
        }
        return source;
    }
}
