package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.stock.StockService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = "/api/films/{id}/stock", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "stock", description = "How many copies there are")
class StockController {

    private final StockService stock;

    StockController(StockService stock) {
        this.stock = stock;
    }

    @GetMapping
    @Operation(
            operationId = "getStock",
            summary = "Read a film's stock",
            security = {})
    @ApiResponse(responseCode = "200", description = "The stock now")
    StockLevelResponse read(@Parameter(example = StockExamples.FILM_ID) @PathVariable UUID id) {
        return StockLevelResponse.from(stock.level(id));
    }

    @PostMapping(path = "/adjustments", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "adjustStock",
            summary = "Add or take copies",
            description = "The same adjustmentId sent twice counts once.",
            security = @SecurityRequirement(name = "oidc", scopes = "stock.write"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = AdjustmentRequest.class),
                            examples = @ExampleObject(name = "delivery", value = StockExamples.ADJUSTMENT)))
    @ApiResponse(responseCode = "200", description = "The stock now")
    @ApiResponse(responseCode = "409", ref = "#/components/responses/Conflict")
    StockLevelResponse adjust(
            @Parameter(example = StockExamples.FILM_ID) @PathVariable UUID id,
            @RequestBody JsonNode body,
            @Parameter(hidden = true) Principal caller) {
        return StockLevelResponse.from(stock.adjust(id, AdjustmentRequest.read(body), caller.getName()));
    }
}
