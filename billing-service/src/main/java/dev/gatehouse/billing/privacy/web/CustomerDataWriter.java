package dev.gatehouse.billing.privacy.web;

import dev.gatehouse.billing.cart.Cart;
import dev.gatehouse.billing.cart.CartService;
import dev.gatehouse.billing.idempotency.IdempotentRequests;
import dev.gatehouse.billing.idempotency.RememberedKey;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderCursor;
import dev.gatehouse.billing.order.OrderPage;
import dev.gatehouse.billing.order.OrderService;
import dev.gatehouse.billing.payment.PaymentService;
import dev.gatehouse.billing.payment.RefundService;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes an export page by page: however many orders there are, few are in memory, and no connection is kept meanwhile. */
@Component
class CustomerDataWriter {

    private static final int PAGE = 100;

    private final CartService carts;
    private final IdempotentRequests requests;
    private final OrderService orders;
    private final PaymentService payments;
    private final RefundService refunds;
    private final JsonMapper json;

    CustomerDataWriter(
            CartService carts,
            IdempotentRequests requests,
            OrderService orders,
            PaymentService payments,
            RefundService refunds,
            JsonMapper json) {
        this.carts = carts;
        this.requests = requests;
        this.orders = orders;
        this.payments = payments;
        this.refunds = refunds;
        this.json = json;
    }

    /** What must be had before the first byte goes out, so that its absence can still be answered as an error. */
    Beginning begin(String customer) {
        return new Beginning(customer, carts.of(customer), requests.keysOf(customer), page(customer, null));
    }

    void write(Beginning beginning, OutputStream out) {
        try (JsonGenerator to = json.createGenerator(out)) {
            to.writeStartObject();
            to.writeStringProperty("subject", beginning.customer());
            to.writeName("cart");
            json.writeValue(
                    to,
                    beginning.cart().items().stream()
                            .map(CustomerDataResponse.Item::from)
                            .toList());
            to.writeName("requests");
            json.writeValue(
                    to,
                    beginning.keys().stream()
                            .map(CustomerDataResponse.Request::from)
                            .toList());
            to.writeName("orders");
            to.writeStartArray();
            OrderPage page = beginning.orders();
            write(page, to);
            while (page.next() != null) {
                page = page(beginning.customer(), page.next());
                write(page, to);
            }
            to.writeEndArray();
            to.writeEndObject();
        }
    }

    private void write(OrderPage page, JsonGenerator to) {
        for (Order order : page.items()) {
            json.writeValue(
                    to,
                    CustomerDataResponse.ExportedOrder.from(
                            order, payments.snapshot(order.id()), refunds.of(order.id())));
        }
    }

    private OrderPage page(String customer, @Nullable OrderCursor after) {
        return orders.page(customer, null, after, PAGE);
    }

    /** The first part of an export. */
    record Beginning(String customer, Cart cart, List<RememberedKey> keys, OrderPage orders) {}
}
