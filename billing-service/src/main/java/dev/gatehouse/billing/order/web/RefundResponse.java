package dev.gatehouse.billing.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.payment.Refund;
import dev.gatehouse.billing.payment.RefundState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "Refund",
        requiredProperties = {"id", "orderId", "amount", "state", "createdAt", "updatedAt"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record RefundResponse(
        UUID id,
        UUID orderId,
        Money amount,
        @Nullable String reason,
        RefundState state,

        @Schema(description = "Why the payment provider could not, in its words") @Nullable
        String failure,

        Instant createdAt,
        Instant updatedAt) {

    static RefundResponse from(Refund refund) {
        return new RefundResponse(
                refund.id(),
                refund.orderId(),
                refund.amount(),
                refund.reason(),
                refund.state(),
                refund.failure(),
                refund.createdAt(),
                refund.updatedAt());
    }

    @Schema(
            name = "RefundList",
            requiredProperties = {"items"})
    record All(List<RefundResponse> items) {

        static All from(List<Refund> refunds) {
            return new All(refunds.stream().map(RefundResponse::from).toList());
        }
    }
}
