package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import java.util.Arrays;

/** Somebody the development issuer knows: a user who logs in, and a client of the same rights that needs no browser. */
public enum DemoUser {
    CUSTOMER("customer", "customer"),
    /** To see that customers do not see each other's orders. */
    SECOND_CUSTOMER("customer-2", "customer-2"),
    CATALOGUE_MANAGER("manager", "catalogue-manager"),
    OPERATOR("operator", "operator");

    private final String username;
    private final String role;

    DemoUser(String username, String role) {
        this.username = username;
        this.role = role;
    }

    /** The name to log in with. */
    public String username() {
        return username;
    }

    /** The client with the same rights. */
    public String clientId() {
        return "demo-" + username;
    }

    /**
     * The user of that name or role: customer, customer-2, catalogue-manager (or manager), operator.
     *
     * @throws CannotStart if there is none
     */
    public static DemoUser of(String word) {
        return Arrays.stream(values())
                .filter(user -> user.role.equals(word) || user.username.equals(word))
                .findFirst()
                .orElseThrow(() -> new CannotStart(
                        "There is no role " + word + ": use customer, customer-2, catalogue-manager or operator."));
    }
}
