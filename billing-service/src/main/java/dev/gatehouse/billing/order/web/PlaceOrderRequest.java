package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.SelfChecking;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.OrderLine;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Schema(name = "PlaceOrder")
record PlaceOrderRequest(
        @Schema(description = "Distinct films, all in one currency; without lines the caller's cart is ordered")
        @Size(min = 1, max = 100)
        @Nullable
        List<@Valid @NotNull Line> lines,

        @Schema(
                description = "The payment provider's token of the means of payment; never card data",
                example = "pm_card_visa")
        @NotNull
        @Size(min = 4, max = 100)
        @Pattern(regexp = "pm_[A-Za-z0-9_]+", message = "must be a token of the payment provider, such as pm_card_visa")
        String paymentMethod)
        implements SelfChecking {

    List<OrderLine> orderLines() {
        return lines == null ? List.of() : lines.stream().map(Line::orderLine).toList();
    }

    @Override
    public List<FieldProblem> check() {
        List<FieldProblem> problems = new ArrayList<>();
        Set<UUID> films = new HashSet<>();
        @Nullable String currency = null;
        for (int i = 0; lines != null && i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line == null) {
                continue;
            }
            String path = "lines[" + i + "]";
            if (line.filmId != null && !films.add(line.filmId)) {
                problems.add(new FieldProblem(path + ".filmId", "duplicate", "Each film has one line."));
            }
            if (line.unitPrice == null || line.unitPrice.currency == null) {
                continue;
            }
            if (!Money.isCurrency(line.unitPrice.currency)) {
                problems.add(new FieldProblem(
                        path + ".unitPrice.currency", "unknown-currency", "Must be an ISO 4217 code such as EUR."));
            } else if (currency == null) {
                currency = line.unitPrice.currency;
            } else if (!currency.equals(line.unitPrice.currency)) {
                problems.add(new FieldProblem(
                        path + ".unitPrice.currency", "mixed-currencies", "All lines are in one currency."));
            }
        }
        return problems;
    }

    @Schema(name = "PlaceOrderLine")
    record Line(
            @Schema(example = "019b7700-0002-7000-8000-000000000002") @NotNull
            UUID filmId,

            @Schema(description = "Copies", example = "1") @NotNull @Min(1) @Max(100)
            Integer quantity,

            @Schema(description = "The price of one copy that the customer saw; another price ends the order unpaid")
            @NotNull
            @Valid
            Price unitPrice) {

        OrderLine orderLine() {
            return new OrderLine(filmId, quantity, new Money(unitPrice.amountMinor, unitPrice.currency));
        }
    }

    @Schema(name = "Price")
    record Price(
            @Schema(description = "Whole minor units of the currency", example = "899")
            @NotNull
            @Min(0)
            @Max(100_000_000)
            Long amountMinor,

            @Schema(description = "ISO 4217 code", example = "EUR") @NotNull @Size(min = 3, max = 3)
            String currency) {}
}
