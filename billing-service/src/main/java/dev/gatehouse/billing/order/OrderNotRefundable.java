package dev.gatehouse.billing.order;

/** The order has not come to the end after which money can go back: what was taken for it is being decided on. */
public class OrderNotRefundable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OrderNotRefundable(OrderState state) {
        super("The order is " + state + "; money goes back by refund once it is CONFIRMED.");
    }
}
