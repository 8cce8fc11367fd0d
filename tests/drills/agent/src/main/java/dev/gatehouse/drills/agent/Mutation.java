package dev.gatehouse.drills.agent;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One safeguard of billing's that is taken away, to see that the drills notice. */
public enum Mutation {
    /** The relay takes a message for delivered as soon as it was handed to the socket, returned or not. */
    NO_CONFIRM(List.of(new Override("outbox.OutboxPublisher", "outcome", Override.Kind.DELIVERED)), List.of()),
    /** Claims take what is somebody else's at that moment: messages and steps. */
    NO_LEASE(
            List.of(),
            List.of(
                    new Rewrite("outbox.OutboxRows", "AND (claimed_until IS NULL OR claimed_until <= now())", ""),
                    new Rewrite("outbox.OutboxRows", "FOR UPDATE OF o SKIP LOCKED", ""),
                    new Rewrite("order.OrderSteps", "AND (lease_until IS NULL OR lease_until <= now())", ""))),
    /** Whoever comes late writes all the same: an order moves without its version, a step ends without its token. */
    NO_VERSION_GUARD(
            List.of(),
            List.of(
                    new Rewrite("order.Orders", "WHERE id = :id AND version = :version", "WHERE id = :id"),
                    // Its key would stop the second writer of a version.
                    new Rewrite(
                            "order.Orders",
                            "VALUES (:id, :version, :state, :reason)",
                            "VALUES (:id , :version, :state, :reason) ON CONFLICT DO NOTHING"),
                    // Also where the step has gone, because another worker has brought the order to its end.
                    new Rewrite(
                            "order.OrderSteps",
                            "SELECT true FROM order_steps WHERE order_id = :orderId AND lease_token = :token FOR UPDATE",
                            "SELECT true"))),
    /** Every request is carried out as if its key were new. */
    NO_IDEMPOTENCY_CHECK(
            List.of(
                    new Override("idempotency.IdempotentRequests", "reserve", Override.Kind.TRUE),
                    new Override("idempotency.IdempotentRequests", "replay", Override.Kind.NOTHING)),
            List.of()),
    /** The payment provider sees a new key with every call. */
    RANDOM_PAYMENT_KEY(
            List.of(new Override("payment.stripe.StripePayments", "key", Override.Kind.RANDOM_EFFECT)), List.of());

    private final List<Override> overrides;
    private final List<Rewrite> rewrites;

    Mutation(List<Override> overrides, List<Rewrite> rewrites) {
        this.overrides = overrides;
        this.rewrites = rewrites;
    }

    /** A method that does something else. */
    record Override(String type, String method, Kind kind) {

        Override {
            type = Point.BILLING + type;
        }

        enum Kind {
            /** It returns an outcome that says delivered. */
            DELIVERED,
            /** It returns true. */
            TRUE,
            /** It returns an empty Optional. */
            NOTHING,
            /** Its second argument gets a random end. */
            RANDOM_EFFECT
        }
    }

    /** A part of a class's SQL that is written otherwise. */
    record Rewrite(String type, String text, String replacement) {

        Rewrite {
            type = Point.BILLING + type;
        }
    }

    List<Override> overrides() {
        return overrides;
    }

    List<Rewrite> rewrites() {
        return rewrites;
    }

    /** What the statement becomes. */
    String rewritten(String sql) {
        String result = sql;
        for (Rewrite each : rewrites) {
            result = result.replace(each.text(), each.replacement());
        }
        return result;
    }

    /** As people write it, for example no-confirm. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The mutation that people write so.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Mutation of(String word) {
        return Arrays.stream(values())
                .filter(mutation -> mutation.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no mutation " + word + "."));
    }
}
