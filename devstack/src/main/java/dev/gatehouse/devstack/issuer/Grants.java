package dev.gatehouse.devstack.issuer;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;

/** Who may have which scopes: what is asked for, cut down to what the role allows. */
final class Grants {

    private static final Set<String> IDENTITY_SCOPES = Set.of(OidcScopes.OPENID, OidcScopes.PROFILE);

    private final Map<String, Set<Role>> rolesOfUsers;
    private final Map<String, Set<Role>> rolesOfClients;

    Grants(IssuerSettings settings) {
        this.rolesOfUsers = settings.users().stream()
                .collect(Collectors.toUnmodifiableMap(IssuerSettings.User::name, IssuerSettings.User::roles));
        this.rolesOfClients = settings.clients().stream()
                .collect(Collectors.toUnmodifiableMap(IssuerSettings.Client::id, IssuerSettings.Client::roles));
    }

    Set<Role> rolesOfUser(String name) {
        return rolesOfUsers.getOrDefault(name, Set.of());
    }

    Set<Role> rolesOfClient(String id) {
        return rolesOfClients.getOrDefault(id, Set.of());
    }

    /**
     * Cuts the scopes a logged-in user's request asks for. When nothing but identity would be left of a request for more, it stays as
     * it is, for {@link #refuseForeignScopes} to refuse once the redirect target is known to be good.
     */
    Authentication cutToRole(Authentication request) {
        if (!(request instanceof OAuth2AuthorizationCodeRequestAuthenticationToken asked) || anonymous(asked)) {
            return request;
        }
        Set<String> allowed = allowedTo(asked);
        Set<String> granted = new LinkedHashSet<>(asked.getScopes());
        granted.retainAll(allowed);
        boolean onlyIdentityLeft = IDENTITY_SCOPES.containsAll(granted);
        if (granted.equals(asked.getScopes()) || onlyIdentityLeft) {
            return request;
        }
        OAuth2AuthorizationCodeRequestAuthenticationToken cut = new OAuth2AuthorizationCodeRequestAuthenticationToken(
                asked.getAuthorizationUri(),
                asked.getClientId(),
                (Authentication) asked.getPrincipal(),
                asked.getRedirectUri(),
                asked.getState(),
                granted,
                asked.getAdditionalParameters());
        cut.setDetails(asked.getDetails());
        return cut;
    }

    /** Refuses a request whose scopes are not all allowed to its user, whatever way it came. */
    void refuseForeignScopes(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        OAuth2AuthorizationCodeRequestAuthenticationToken asked = context.getAuthentication();
        if (!anonymous(asked) && !allowedTo(asked).containsAll(asked.getScopes())) {
            throw new OAuth2AuthorizationCodeRequestAuthenticationException(
                    new OAuth2Error(
                            OAuth2ErrorCodes.INVALID_SCOPE, "The user's role allows none of these scopes.", null),
                    asked);
        }
    }

    /** A client that names no scope gets all that its role allows. */
    Authentication allWhenNoneNamed(Authentication request) {
        if (request instanceof OAuth2ClientCredentialsAuthenticationToken asked
                && asked.getScopes().isEmpty()
                && asked.getPrincipal() instanceof OAuth2ClientAuthenticationToken client
                && client.getRegisteredClient() != null) {
            return new OAuth2ClientCredentialsAuthenticationToken(
                    client, client.getRegisteredClient().getScopes(), asked.getAdditionalParameters());
        }
        return request;
    }

    private Set<String> allowedTo(OAuth2AuthorizationCodeRequestAuthenticationToken asked) {
        Set<String> allowed = new LinkedHashSet<>(IDENTITY_SCOPES);
        allowed.addAll(Role.scopesOf(rolesOfUser(((Authentication) asked.getPrincipal()).getName())));
        return allowed;
    }

    private static boolean anonymous(OAuth2AuthorizationCodeRequestAuthenticationToken asked) {
        return asked.getPrincipal() instanceof AnonymousAuthenticationToken
                || !((Authentication) asked.getPrincipal()).isAuthenticated();
    }
}
