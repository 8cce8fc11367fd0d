package dev.gatehouse.billing.privacy.web;

import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.privacy.Erased;
import dev.gatehouse.billing.privacy.Erasure;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Operations", description = "Deciding about what the platform put aside; needs the scope ops")
class ErasureController {

    private final Erasure erasure;

    ErasureController(Erasure erasure) {
        this.erasure = erasure;
    }

    @PostMapping(
            path = "/api/operations/customers/{subject}/erasure",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "eraseCustomer",
            summary = "Have a customer forgotten",
            description =
                    "As the customer could; the record of actions names the pseudonym, not the customer. A subject"
                            + " that nothing is kept about is no error.")
    @ApiResponse(responseCode = "200", description = "What was found; zeros when nothing was")
    @ApiResponse(responseCode = "409", description = "An order is not final yet; nothing was forgotten.")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    ErasureResponse erase(
            @Parameter(description = "The subject of the customer's tokens") @PathVariable @Size(max = 255)
                    String subject,
            @Valid @RequestBody ErasureRequest request,
            @Parameter(hidden = true) Authentication authentication) {
        if (request.reason().contains(subject)) {
            throw new InvalidRequest(List.of(
                    new FieldProblem("reason", "names-customer", "Must not name the customer: the record is kept.")));
        }
        return ErasureResponse.from(erasure.erase(subject, Operator.of(authentication), request.reason()));
    }

    @Schema(name = "EraseCustomer")
    record ErasureRequest(
            @Schema(
                    description = "Why, in the operator's words, for the record of actions; nothing about the customer",
                    example = "Asked for by letter, case 2026-117")
            @NotBlank
            @Size(max = 500)
            String reason) {}

    @Schema(
            name = "ErasedCustomer",
            requiredProperties = {"orders", "requests", "messages"})
    record ErasureResponse(
            @Schema(description = "Orders that now belong to a pseudonym")
            int orders,

            @Schema(description = "Remembered requests that were deleted")
            int requests,

            @Schema(description = "Parked messages and copies that were emptied or deleted")
            int messages) {

        static ErasureResponse from(Erased erased) {
            return new ErasureResponse(erased.orders(), erased.answers(), erased.messages());
        }
    }
}
