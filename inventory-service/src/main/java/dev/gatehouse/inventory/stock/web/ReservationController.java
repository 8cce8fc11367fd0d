package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.stock.ReservationService;
import dev.gatehouse.inventory.stock.ReservationService.Reserved;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = "/api/reservations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "reservations", description = "Copies held for orders")
class ReservationController {

    private final ReservationService reservations;

    ReservationController(ReservationService reservations) {
        this.reservations = reservations;
    }

    @PutMapping(path = "/{orderId}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "reserveStock",
            summary = "Hold copies for an order, all lines or none",
            description =
                    "May be repeated: the answer is then the reservation as it is now, in whatever state. After a release"
                            + " that came first it is RELEASED and holds nothing.",
            security = @SecurityRequirement(name = "oidc", scopes = "stock.reserve"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = ReserveStockRequest.class),
                            examples = @ExampleObject(name = "one copy", value = StockExamples.RESERVATION)))
    @ApiResponse(
            responseCode = "201",
            description = "Held now",
            content = @Content(schema = @Schema(implementation = ReservationResponse.class)))
    @ApiResponse(
            responseCode = "200",
            description = "There was one already",
            content = @Content(schema = @Schema(implementation = ReservationResponse.class)))
    @ApiResponse(responseCode = "409", ref = "#/components/responses/Conflict")
    ResponseEntity<ReservationResponse> reserve(
            @Parameter(example = StockExamples.ORDER_ID) @PathVariable UUID orderId, @RequestBody JsonNode body) {
        Reserved reserved = reservations.reserve(ReserveStockRequest.read(orderId, body));
        return ResponseEntity.status(reserved.first() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(ReservationResponse.from(reserved.reservation()));
    }

    @GetMapping
    @Operation(
            operationId = "listReservations",
            summary = "Read the reservations of several orders",
            description = "Orders without a reservation are left out. Meant for comparing; the answer is one moment's.",
            security = @SecurityRequirement(name = "oidc", scopes = "stock.reserve"))
    @ApiResponse(responseCode = "200", description = "The reservations now, by order id")
    ReservationListResponse list(
            @Parameter(
                            description = "1 to 100 ids of orders, separated by commas",
                            required = true,
                            example = StockExamples.ORDER_ID + "," + StockExamples.OTHER_ORDER_ID)
                    @RequestParam(required = false)
                    @Nullable
                    String orderIds) {
        return ReservationListResponse.from(reservations.reservations(OrderIds.read(orderIds)));
    }

    @GetMapping("/{orderId}")
    @Operation(
            operationId = "getReservation",
            summary = "Read an order's reservation",
            security = @SecurityRequirement(name = "oidc", scopes = "stock.reserve"))
    @ApiResponse(responseCode = "200", description = "The reservation now")
    ReservationResponse read(@Parameter(example = StockExamples.ORDER_ID) @PathVariable UUID orderId) {
        return ReservationResponse.from(reservations.reservation(orderId));
    }

    @PostMapping("/{orderId}/confirm")
    @Operation(
            operationId = "confirmReservation",
            summary = "Sell the held copies",
            security = @SecurityRequirement(name = "oidc", scopes = "stock.reserve"))
    @ApiResponse(responseCode = "200", description = "Confirmed, now or before")
    @ApiResponse(responseCode = "409", ref = "#/components/responses/Conflict")
    ReservationResponse confirm(@Parameter(example = StockExamples.ORDER_ID) @PathVariable UUID orderId) {
        return ReservationResponse.from(reservations.confirm(orderId));
    }

    @PostMapping("/{orderId}/release")
    @Operation(
            operationId = "releaseReservation",
            summary = "Give the held copies back",
            description = "Without a reservation it leaves a mark, so that a late one holds nothing.",
            security = @SecurityRequirement(name = "oidc", scopes = "stock.reserve"))
    @ApiResponse(responseCode = "200", description = "Given back, now or before")
    @ApiResponse(responseCode = "409", ref = "#/components/responses/Conflict")
    ReservationResponse release(@Parameter(example = StockExamples.OTHER_ORDER_ID) @PathVariable UUID orderId) {
        return ReservationResponse.from(reservations.release(orderId));
    }
}
