package dev.gatehouse.billing.cart.web;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

record PutCartItemRequest(
        @Schema(description = "Copies, instead of any that were there", example = "2") @NotNull @Min(1) @Max(100)
        Integer quantity) {}
