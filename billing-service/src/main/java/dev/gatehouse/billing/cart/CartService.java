package dev.gatehouse.billing.cart;

import dev.gatehouse.billing.inventory.FilmNotFound;
import dev.gatehouse.billing.inventory.FilmQuote;
import dev.gatehouse.billing.inventory.InventoryClient;
import dev.gatehouse.billing.inventory.InventoryUnavailable;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** Carts by customer: the token's subject, nothing else decides whose cart it is. */
@Service
public class CartService {

    /** As many as an order may have lines. */
    private static final int MAX_FILMS = 100;

    private final Carts carts;
    private final InventoryClient inventory;

    CartService(Carts carts, InventoryClient inventory) {
        this.carts = carts;
        this.inventory = inventory;
    }

    /**
     * The customer's cart, empty when there is none; reading renews its expiry.
     *
     * @throws CartUnavailable when the store does not answer
     */
    public Cart of(String customer) {
        return carts.read(customer);
    }

    /**
     * Puts so many copies of a film into the cart, instead of any that were there, at the title and price inventory has now.
     *
     * @param quantity copies, 1 to 100
     * @throws FilmNotFound when inventory does not sell it
     * @throws InventoryUnavailable when inventory does not answer
     * @throws CartConflict when the cart is full or in another currency
     * @throws CartUnavailable when the store does not answer
     */
    public Cart put(String customer, UUID filmId, int quantity) {
        FilmQuote film = inventory.film(filmId);
        return carts.put(customer, new Cart.Item(filmId, film.title(), quantity, film.unitPrice()), MAX_FILMS);
    }

    /**
     * Takes a film out of the cart; nothing happens when it is not there.
     *
     * @throws CartUnavailable when the store does not answer
     */
    public Cart remove(String customer, UUID filmId) {
        return carts.remove(customer, filmId);
    }

    /**
     * Forgets the customer's cart.
     *
     * @throws CartUnavailable when the store does not answer
     */
    public void clear(String customer) {
        carts.delete(customer);
    }
}
