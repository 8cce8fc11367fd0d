package dev.gatehouse.billing.operation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.operation.web.ParkedOrderPageResponse.Item;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.ParkedOrder;
import dev.gatehouse.billing.outbox.OutboxEntry;
import dev.gatehouse.billing.payment.PaymentSnapshot;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "OrderInspection",
        requiredProperties = {"orderId", "state", "version", "total", "placedAt", "updatedAt", "messages"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record ParkedOrderResponse(
        UUID orderId,
        OrderState state,
        int version,
        Money total,
        @Nullable String reason,
        Instant placedAt,
        Instant updatedAt,

        @Schema(description = "The step that is left; absent when the order is final") @Nullable
        Item step,

        @Schema(description = "Absent when the order was never to be paid") @Nullable
        Payment payment,

        @Schema(description = "Its messages that the outbox still holds, oldest first")
        List<UnsentMessagePageResponse.Item> messages) {

    static ParkedOrderResponse from(
            Order order, Optional<ParkedOrder> step, Optional<PaymentSnapshot> payment, List<OutboxEntry> messages) {
        return new ParkedOrderResponse(
                order.id(),
                order.state(),
                order.version(),
                order.total(),
                order.reason(),
                order.placedAt(),
                order.updatedAt(),
                step.map(Item::from).orElse(null),
                payment.map(Payment::from).orElse(null),
                messages.stream().map(UnsentMessagePageResponse.Item::from).toList());
    }

    @Schema(
            name = "OrderPayment",
            requiredProperties = {"state", "amount", "calls"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Payment(
            @Schema(example = "CAPTURED") String state,
            Money amount,
            @Nullable String providerPaymentId,
            @Nullable String refundId,
            @Nullable String declineReason,

            @Schema(description = "How often a charge was started; at zero the provider cannot know the order")
            int calls,

            @Nullable Instant lastCalledAt) {

        static Payment from(PaymentSnapshot payment) {
            return new Payment(
                    payment.state(),
                    payment.amount(),
                    payment.providerPaymentId(),
                    payment.refundId(),
                    payment.declineReason(),
                    payment.calls(),
                    payment.lastCalledAt());
        }
    }
}
