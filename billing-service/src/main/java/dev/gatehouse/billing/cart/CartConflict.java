package dev.gatehouse.billing.cart;

/** The cart as it is does not admit the item: it is full, or holds films priced in another currency. */
public class CartConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CartConflict(String detail) {
        super(detail);
    }
}
