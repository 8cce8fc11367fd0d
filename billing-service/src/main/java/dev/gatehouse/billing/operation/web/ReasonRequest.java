package dev.gatehouse.billing.operation.web;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

@Schema(name = "OperatorReason")
record ReasonRequest(
        @Schema(
                description = "Why, in the operator's words, for the record of actions; nothing about a customer",
                example = "The provider confirmed by telephone that the payment is void")
        @NotBlank
        @Size(max = 500)
        String reason) {}
