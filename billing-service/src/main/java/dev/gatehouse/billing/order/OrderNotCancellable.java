package dev.gatehouse.billing.order;

/** The order is final, or too far on to be stopped. */
public class OrderNotCancellable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderNotCancellable(String detail) {
        super(detail);
    }
}
