package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.money.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

@Schema(name = "RefundOrder")
record RefundRequest(
        @Schema(description = "How much goes back; without it, all that is left") @Valid @Nullable
        Amount amount,

        @Schema(description = "Why, for the books", example = "damaged in transit") @Size(min = 1, max = 200) @Nullable
        String reason) {

    @Nullable
    Money money() {
        return amount == null ? null : new Money(amount.amountMinor, amount.currency);
    }

    @Schema(name = "RefundAmount")
    record Amount(
            @Schema(description = "Whole minor units of the order's currency", example = "500")
            @NotNull
            @Min(1)
            @Max(10_000_000_000L)
            Long amountMinor,

            @Schema(description = "The order's currency, ISO 4217", example = "EUR") @NotNull @Size(min = 3, max = 3)
            String currency) {}
}
