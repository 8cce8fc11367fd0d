package dev.gatehouse.billing.cart;

import org.springframework.stereotype.Service;

/** Carts by customer: the token's subject, nothing else decides whose cart it is. */
@Service
public class CartService {

    /**
     * The customer's cart, empty when there is none; reading renews its expiry.
     *
     * @throws CartUnavailable when the store does not answer
     */
    public Cart of(String customer) {
        throw new UnsupportedOperationException("of " + customer);
    }

    /**
     * Forgets the customer's cart.
     *
     * @throws CartUnavailable when the store does not answer
     */
    public void clear(String customer) {
        throw new UnsupportedOperationException("clear " + customer);
    }
}
