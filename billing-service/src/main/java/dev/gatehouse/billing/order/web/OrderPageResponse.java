package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.order.OrderPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "OrderPage",
        requiredProperties = {"items", "nextCursor"})
record OrderPageResponse(
        @Schema(description = "Newest first") List<OrderResponse> items,

        @Schema(
                types = {"string", "null"},
                description = "Where the next page begins, with the same parameters; null after the last page")
        @Nullable
        String nextCursor) {

    /** @param refundedMinor what went back of each order, where something did */
    static OrderPageResponse from(OrderPage page, Map<UUID, Long> refundedMinor) {
        return new OrderPageResponse(
                page.items().stream()
                        .map(order -> OrderResponse.from(order, refundedMinor.get(order.id())))
                        .toList(),
                page.next() == null ? null : CursorText.of(page.next()));
    }
}
