package dev.gatehouse.billing.cart;

import dev.gatehouse.billing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a customer means to order, all in one currency.
 *
 * @param items ordered by title
 * @param expiresAt when the cart is forgotten unless it is read or changed before; null when it is empty
 */
public record Cart(List<Item> items, @Nullable Instant expiresAt) {

    public Cart {
        items = List.copyOf(items);
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** The sum of all items, null when the cart is empty and so has no currency. */
    public @Nullable Money total() {
        return items.stream().map(Item::subtotal).reduce(Money::plus).orElse(null);
    }

    /**
     * Copies of one film at the price inventory asked when it was put into the cart.
     *
     * @param quantity copies, 1 to 100
     */
    public record Item(UUID filmId, String title, int quantity, Money unitPrice) {

        Money subtotal() {
            return unitPrice.times(quantity);
        }
    }
}
