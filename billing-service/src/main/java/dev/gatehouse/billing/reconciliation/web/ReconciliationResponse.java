package dev.gatehouse.billing.reconciliation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.billing.reconciliation.Difference;
import dev.gatehouse.billing.reconciliation.ReconciliationReport;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(
        name = "Reconciliation",
        requiredProperties = {
            "id",
            "windowFrom",
            "windowTo",
            "startedAt",
            "orders",
            "payments",
            "differenceCount",
            "differences"
        })
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReconciliationResponse(
        UUID id,

        @Schema(description = "The operator who asked; absent when it was time") @Nullable
        String requestedBy,

        @Schema(description = "Changes since then were compared")
        Instant windowFrom,

        Instant windowTo,
        Instant startedAt,

        @Schema(description = "Absent while it is under way, or when its instance died") @Nullable
        Instant finishedAt,

        @Schema(description = "How many orders were compared")
        int orders,

        @Schema(description = "How many payments the provider listed")
        int payments,

        @Schema(description = "How many differences there are")
        int differenceCount,

        @Schema(description = "What did not answer, so that nothing can be said") @Nullable
        String failure,

        @Schema(description = "At most 10000; none in a list of reports")
        List<Item> differences) {

    static ReconciliationResponse from(ReconciliationReport report) {
        return new ReconciliationResponse(
                report.id(),
                report.requestedBy(),
                report.windowFrom(),
                report.windowTo(),
                report.startedAt(),
                report.finishedAt(),
                report.orders(),
                report.payments(),
                report.differenceCount(),
                report.failure(),
                report.differences().stream().map(Item::from).toList());
    }

    @Schema(
            name = "Difference",
            requiredProperties = {"kind", "expected", "found"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            @Schema(
                    description = "In what way two books do not agree",
                    allowableValues = {
                        "confirmed-not-captured",
                        "captured-twice",
                        "captured-not-confirmed",
                        "amount-differs",
                        "currency-differs",
                        "refund-missing",
                        "refund-unknown-to-us",
                        "unknown-at-provider",
                        "unknown-to-us",
                        "stock-not-confirmed",
                        "stock-held-for-final-order",
                        "ledger-unbalanced",
                        "ledger-missing",
                        "stuck-order",
                        "stuck-refund"
                    })
            String kind,

            @Nullable UUID orderId,

            @Schema(description = "The provider's payment") @Nullable
            String providerPaymentId,

            @Schema(description = "What our books say") String expected,
            @Schema(description = "What was found instead") String found,

            @Schema(description = "The provider's event that claims it; absent when a comparison found it") @Nullable
            String eventId) {

        static Item from(Difference difference) {
            return new Item(
                    difference.kind().word(),
                    difference.orderId(),
                    difference.providerPaymentId(),
                    difference.expected(),
                    difference.found(),
                    difference.eventId());
        }
    }

    @Schema(
            name = "ReconciliationList",
            requiredProperties = {"items"})
    record All(@Schema(description = "Newest first") List<ReconciliationResponse> items) {

        static All from(List<ReconciliationReport> reports) {
            return new All(reports.stream().map(ReconciliationResponse::from).toList());
        }
    }
}
