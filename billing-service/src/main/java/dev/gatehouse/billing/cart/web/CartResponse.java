package dev.gatehouse.billing.cart.web;

import dev.gatehouse.billing.cart.Cart;
import dev.gatehouse.billing.money.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "Cart",
        description = "What the caller means to order, ordered by title",
        requiredProperties = {"items", "total", "expiresAt"})
record CartResponse(
        List<Item> items,

        @Nullable Money total,

        @Schema(
                types = {"string", "null"},
                format = "date-time",
                description = "When the cart is forgotten unless it is read or changed before; null when it is empty")
        @Nullable
        Instant expiresAt) {

    @Schema(
            name = "CartItem",
            requiredProperties = {"filmId", "title", "quantity", "unitPrice"})
    record Item(
            UUID filmId,
            @Schema(example = "Metropolis") String title,

            @Schema(example = "2", minimum = "1", maximum = "100")
            int quantity,

            @Schema(description = "The price of one copy when the film was put into the cart")
            Money unitPrice) {

        static Item from(Cart.Item item) {
            return new Item(item.filmId(), item.title(), item.quantity(), item.unitPrice());
        }
    }

    static CartResponse from(Cart cart) {
        return new CartResponse(cart.items().stream().map(Item::from).toList(), cart.total(), cart.expiresAt());
    }
}
