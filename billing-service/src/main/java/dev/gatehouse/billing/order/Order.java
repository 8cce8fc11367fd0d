package dev.gatehouse.billing.order;

import dev.gatehouse.billing.inventory.Reservation;
import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a customer ordered and how far it got, as of one version.
 *
 * @param customer the subject of the customer's tokens
 * @param version counts the transitions; whoever writes names the version it knows
 * @param lines distinct films, all in the total's currency
 * @param paymentMethod the provider's token, never card data
 * @param reason why it was rejected
 * @param history every transition up to this version, oldest first
 */
public record Order(
        UUID id,
        String customer,
        OrderState state,
        int version,
        List<OrderLine> lines,
        Money total,
        String paymentMethod,
        @Nullable String reason,
        Instant placedAt,
        Instant updatedAt,
        List<Transition> history) {

    public Order {
        lines = List.copyOf(lines);
        history = List.copyOf(history);
    }

    static Money total(List<OrderLine> lines) {
        return lines.stream()
                .map(OrderLine::subtotal)
                .reduce(Money::plus)
                .orElseThrow(() -> new IllegalArgumentException("An order has lines"));
    }

    /** @throws IllegalTransition unless the state may follow the present one */
    void requireNext(OrderState next) {
        if (!state.next().contains(next)) {
            throw new IllegalTransition(id, state, next);
        }
    }

    /** Whether every line is reserved at exactly the price the customer agreed to. */
    boolean agreesWith(Reservation reservation) {
        Map<UUID, Money> asked = reservation.lines().stream()
                .collect(Collectors.toMap(Reservation.Line::filmId, Reservation.Line::unitPrice));
        return lines.size() == asked.size()
                && lines.stream().allMatch(line -> line.unitPrice().equals(asked.get(line.filmId())));
    }
}
