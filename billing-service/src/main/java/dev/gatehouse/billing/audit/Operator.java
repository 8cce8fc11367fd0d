package dev.gatehouse.billing.audit;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Who acts.
 *
 * @param subject the subject of the token
 * @param client the client that the token was issued to, null where the token does not say
 */
public record Operator(String subject, @Nullable String client) {

    /** The operator whose token came with the request; issuers name the client in {@code azp} or {@code client_id}. */
    public static Operator of(Authentication authentication) {
        if (!(authentication instanceof JwtAuthenticationToken token)) {
            return new Operator(authentication.getName(), null);
        }
        String authorizedParty = token.getToken().getClaimAsString("azp");
        return new Operator(
                authentication.getName(),
                authorizedParty == null ? token.getToken().getClaimAsString("client_id") : authorizedParty);
    }
}
