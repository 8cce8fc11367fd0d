package dev.gatehouse.billing.order;

/** Giving the order up now could lose stock or money, or is no way on. */
public class OrderNotSafeToGiveUp extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderNotSafeToGiveUp(String detail) {
        super(detail);
    }
}
