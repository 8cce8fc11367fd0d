package dev.gatehouse.billing.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some orders, newest first.
 *
 * @param next where the next page begins, null after the last
 */
public record OrderPage(List<Order> items, @Nullable OrderCursor next) {

    public OrderPage {
        items = List.copyOf(items);
    }
}
