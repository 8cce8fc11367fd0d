package dev.gatehouse.billing.privacy.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.cart.Cart;
import dev.gatehouse.billing.idempotency.RememberedKey;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderLine;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.Transition;
import dev.gatehouse.billing.payment.PaymentSnapshot;
import dev.gatehouse.billing.payment.Refund;
import dev.gatehouse.billing.payment.RefundState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The shape of an export, whose orders are written one by one. */
@Schema(
        name = "CustomerData",
        description = "Everything that is kept about the caller",
        requiredProperties = {"subject", "cart", "requests", "orders"})
record CustomerDataResponse(
        @Schema(description = "The subject of the caller's tokens")
        String subject,

        List<Item> cart,

        @Schema(description = "The Idempotency-Keys that are remembered")
        List<Request> requests,

        @Schema(description = "Newest first") List<ExportedOrder> orders) {

    @Schema(
            name = "ExportedCartItem",
            requiredProperties = {"filmId", "title", "quantity", "unitPrice"})
    record Item(UUID filmId, String title, int quantity, Money unitPrice) {

        static Item from(Cart.Item item) {
            return new Item(item.filmId(), item.title(), item.quantity(), item.unitPrice());
        }
    }

    @Schema(
            name = "ExportedRequest",
            requiredProperties = {"operation", "key", "createdAt", "expiresAt"})
    record Request(
            @Schema(example = "POST /api/orders") String operation, String key, Instant createdAt, Instant expiresAt) {

        static Request from(RememberedKey key) {
            return new Request(key.route(), key.key(), key.createdAt(), key.expiresAt());
        }
    }

    @Schema(
            name = "ExportedOrder",
            requiredProperties = {
                "id",
                "state",
                "version",
                "lines",
                "total",
                "paymentMethod",
                "placedAt",
                "updatedAt",
                "history",
                "refunds"
            })
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExportedOrder(
            UUID id,
            OrderState state,
            int version,
            List<Line> lines,
            Money total,

            @Schema(description = "The payment provider's token", example = "pm_card_visa")
            String paymentMethod,

            @Nullable String reason,
            Instant placedAt,
            Instant updatedAt,
            List<Step> history,

            @Schema(description = "Absent when the order was never to be paid") @Nullable
            Payment payment,

            @Schema(description = "Money that went back, or is to, after the sale")
            List<Refunded> refunds) {

        static ExportedOrder from(Order order, Optional<PaymentSnapshot> payment, List<Refund> refunds) {
            return new ExportedOrder(
                    order.id(),
                    order.state(),
                    order.version(),
                    order.lines().stream().map(Line::from).toList(),
                    order.total(),
                    order.paymentMethod(),
                    order.reason(),
                    order.placedAt(),
                    order.updatedAt(),
                    order.history().stream().map(Step::from).toList(),
                    payment.map(Payment::from).orElse(null),
                    refunds.stream().map(Refunded::from).toList());
        }
    }

    @Schema(
            name = "ExportedOrderLine",
            requiredProperties = {"filmId", "quantity", "unitPrice"})
    record Line(UUID filmId, int quantity, Money unitPrice) {

        static Line from(OrderLine line) {
            return new Line(line.filmId(), line.quantity(), line.unitPrice());
        }
    }

    @Schema(
            name = "ExportedOrderState",
            requiredProperties = {"state", "version", "at"})
    record Step(OrderState state, int version, Instant at) {

        static Step from(Transition transition) {
            return new Step(transition.state(), transition.version(), transition.at());
        }
    }

    @Schema(
            name = "ExportedRefund",
            requiredProperties = {"id", "amount", "state", "createdAt"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Refunded(
            UUID id,
            Money amount,
            RefundState state,
            @Nullable String reason,
            Instant createdAt) {

        static Refunded from(Refund refund) {
            return new Refunded(refund.id(), refund.amount(), refund.state(), refund.reason(), refund.createdAt());
        }
    }

    @Schema(
            name = "ExportedPayment",
            requiredProperties = {"state", "amount"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Payment(
            @Schema(example = "CAPTURED") String state,
            Money amount,
            @Nullable String providerPaymentId,
            @Nullable String refundId,
            @Nullable String declineReason) {

        static Payment from(PaymentSnapshot payment) {
            return new Payment(
                    payment.state(),
                    payment.amount(),
                    payment.providerPaymentId(),
                    payment.refundId(),
                    payment.declineReason());
        }
    }
}
