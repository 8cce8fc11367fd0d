package dev.gatehouse.billing.privacy;

/** The customer has orders that are not final: somebody must still know whose they are. */
public class OrdersInFlight extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrdersInFlight(long count) {
        super(count + (count == 1 ? " order is" : " orders are") + " not final yet: cancel what can be cancelled, wait"
                + " for the rest, then ask again.");
    }
}
