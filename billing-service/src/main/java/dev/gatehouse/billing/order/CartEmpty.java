package dev.gatehouse.billing.order;

/** An order without lines was to be made of a cart that holds none. */
public class CartEmpty extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CartEmpty(String customer) {
        super("The cart of " + customer + " is empty");
    }
}
