package dev.gatehouse.devstack.issuer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * How the issuer runs and whom it knows.
 *
 * @param address the address it listens on; its name stays 127.0.0.1
 * @param port its port; it is part of the issuer's name, so tokens outlive a restart only on the same port
 * @param directory where its signing keys live; made if absent, readable by its owner only
 * @param accessTokenLife how long an access token is valid
 * @param users who can log in
 * @param clients which programs get tokens of their own by client credentials
 * @param redirectUris where the public client {@code swagger-ui} may be sent back to with a code
 * @param postLogoutRedirectUris where a browser may be sent after logging out
 * @param allowedOrigins the web origins that may call the token endpoint from a browser
 */
public record IssuerSettings(
        String address,
        int port,
        Path directory,
        Duration accessTokenLife,
        List<User> users,
        List<Client> clients,
        Set<String> redirectUris,
        Set<String> postLogoutRedirectUris,
        Set<String> allowedOrigins) {

    /** The public client's id. */
    public static final String PUBLIC_CLIENT_ID = "swagger-ui";

    /** Nobody is known; tokens live for an hour. */
    public static IssuerSettings of(int port, Path directory) {
        return new IssuerSettings(
                "127.0.0.1", port, directory, Duration.ofHours(1), List.of(), List.of(), Set.of(), Set.of(), Set.of());
    }

    /**
     * The development set: users customer, customer-2, manager and operator; clients demo-customer, demo-customer-2,
     * demo-manager, demo-operator and billing-service; Swagger UI behind the gateway and Postman as redirect targets.
     *
     * @param gatewayUrl the gateway's address without a slash at its end
     * @param secretOf gives the password or secret of each name; the caller makes and keeps them
     */
    public static IssuerSettings demo(int port, Path directory, String gatewayUrl, UnaryOperator<String> secretOf) {
        return of(port, directory)
                .withUser("customer", secretOf.apply("customer"), Role.CUSTOMER)
                .withUser("customer-2", secretOf.apply("customer-2"), Role.CUSTOMER)
                .withUser("manager", secretOf.apply("manager"), Role.CATALOGUE_MANAGER)
                .withUser("operator", secretOf.apply("operator"), Role.OPERATOR)
                .withClient("demo-customer", secretOf.apply("demo-customer"), Role.CUSTOMER)
                .withClient("demo-customer-2", secretOf.apply("demo-customer-2"), Role.CUSTOMER)
                .withClient("demo-manager", secretOf.apply("demo-manager"), Role.CATALOGUE_MANAGER)
                .withClient("demo-operator", secretOf.apply("demo-operator"), Role.OPERATOR)
                .withClient("billing-service", secretOf.apply("billing-service"), Role.BILLING_SERVICE)
                .withRedirectUri(gatewayUrl + "/swagger-ui/oauth2-redirect.html")
                .withRedirectUri("https://oauth.pstmn.io/v1/callback")
                .withPostLogoutRedirectUri(gatewayUrl + "/api-docs")
                .withAllowedOrigin(gatewayUrl);
    }

    /** One more user. */
    public IssuerSettings withUser(String name, String password, Role... roles) {
        return new IssuerSettings(
                address,
                port,
                directory,
                accessTokenLife,
                and(users, new User(name, password, Set.of(roles))),
                clients,
                redirectUris,
                postLogoutRedirectUris,
                allowedOrigins);
    }

    /** One more confidential client. */
    public IssuerSettings withClient(String id, String secret, Role... roles) {
        return new IssuerSettings(
                address,
                port,
                directory,
                accessTokenLife,
                users,
                and(clients, new Client(id, secret, Set.of(roles))),
                redirectUris,
                postLogoutRedirectUris,
                allowedOrigins);
    }

    /** One more redirect target of the public client. */
    public IssuerSettings withRedirectUri(String uri) {
        return new IssuerSettings(
                address,
                port,
                directory,
                accessTokenLife,
                users,
                clients,
                and(redirectUris, uri),
                postLogoutRedirectUris,
                allowedOrigins);
    }

    /** One more target after logging out. */
    public IssuerSettings withPostLogoutRedirectUri(String uri) {
        return new IssuerSettings(
                address,
                port,
                directory,
                accessTokenLife,
                users,
                clients,
                redirectUris,
                and(postLogoutRedirectUris, uri),
                allowedOrigins);
    }

    /** One more web origin. */
    public IssuerSettings withAllowedOrigin(String origin) {
        return new IssuerSettings(
                address,
                port,
                directory,
                accessTokenLife,
                users,
                clients,
                redirectUris,
                postLogoutRedirectUris,
                and(allowedOrigins, origin));
    }

    /** Another address to listen on: in a container the port is published from one that is not the loopback's. */
    public IssuerSettings withAddress(String other) {
        return new IssuerSettings(
                other,
                port,
                directory,
                accessTokenLife,
                users,
                clients,
                redirectUris,
                postLogoutRedirectUris,
                allowedOrigins);
    }

    /** Another life of access tokens. */
    public IssuerSettings withAccessTokenLife(Duration life) {
        return new IssuerSettings(
                address, port, directory, life, users, clients, redirectUris, postLogoutRedirectUris, allowedOrigins);
    }

    /** The issuer's name in tokens and its address. */
    public String issuerUri() {
        return "http://127.0.0.1:" + port;
    }

    private static <T> List<T> and(List<T> list, T one) {
        List<T> all = new ArrayList<>(list);
        all.add(one);
        return List.copyOf(all);
    }

    private static Set<String> and(Set<String> set, String one) {
        Set<String> all = new TreeSet<>(set);
        all.add(one);
        return Set.copyOf(all);
    }

    /** Someone who logs in; the name becomes {@code sub}. */
    public record User(String name, String password, Set<Role> roles) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "User[" + name + ", " + roles + "]";
        }
    }

    /** A program with a secret; the id becomes {@code sub}. */
    public record Client(String id, String secret, Set<Role> roles) {

        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Client[" + id + ", " + roles + "]";
        }
    }
}
