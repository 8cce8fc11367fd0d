package dev.gatehouse.billing.cart;

import org.jspecify.annotations.Nullable;

/** Carts cannot be read or changed at the moment: their store does not answer. */
public class CartUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CartUnavailable(@Nullable Throwable cause) {
        super("Carts are not available at the moment", cause);
    }
}
