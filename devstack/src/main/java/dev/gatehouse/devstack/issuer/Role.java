package dev.gatehouse.devstack.issuer;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What a user or a client is, and the scopes it can have at most. */
public enum Role {
    /** Buys films. */
    CUSTOMER("customer", Set.of("orders.read", "orders.write")),
    /** Keeps the catalogue and the stock. */
    CATALOGUE_MANAGER("catalogue-manager", Set.of("catalogue.write", "stock.write")),
    /** Runs the platform. */
    OPERATOR("operator", Set.of("ops", "stock.reserve", "orders.read")),
    /** The billing service itself. */
    BILLING_SERVICE("billing-service", Set.of("stock.reserve"));

    private final String claim;
    private final Set<String> scopes;

    Role(String claim, Set<String> scopes) {
        this.claim = claim;
        this.scopes = scopes;
    }

    /** The name in the token's {@code roles} claim. */
    public String claim() {
        return claim;
    }

    /** The scopes the role allows. */
    public Set<String> scopes() {
        return scopes;
    }

    static Set<String> scopesOf(Collection<Role> roles) {
        Set<String> all = new TreeSet<>();
        roles.forEach(role -> all.addAll(role.scopes));
        return all;
    }
}
