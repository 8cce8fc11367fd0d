package dev.gatehouse.billing.order;

/** No order has this id, or it is somebody else's, which is the same to whoever asks. */
public class OrderNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderNotFound(java.util.UUID id) {
        super("No order " + id + " for this caller");
    }
}
