package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.audit.Effect;
import dev.gatehouse.billing.audit.Intention;
import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.audit.OperatorActions;
import dev.gatehouse.billing.idempotency.Answer;
import dev.gatehouse.billing.idempotency.IdempotencyKey;
import dev.gatehouse.billing.idempotency.IdempotentRequest;
import dev.gatehouse.billing.idempotency.IdempotentRequests;
import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderNotRefundable;
import dev.gatehouse.billing.order.OrderService;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.payment.Refund;
import dev.gatehouse.billing.payment.RefundService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping(path = "/api/orders/{id}/refunds", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Refunds", description = "Money that goes back after the sale")
class RefundController {

    private static final String REPLAYED = "Idempotent-Replayed";

    private final OrderService orders;
    private final RefundService refunds;
    private final OperatorActions actions;
    private final IdempotentRequests requests;
    private final RequestBulkhead bulkhead;
    private final JsonMapper json;

    RefundController(
            OrderService orders,
            RefundService refunds,
            OperatorActions actions,
            IdempotentRequests requests,
            RequestBulkhead bulkhead,
            JsonMapper json) {
        this.orders = orders;
        this.refunds = refunds;
        this.actions = actions;
        this.requests = requests;
        this.bulkhead = bulkhead;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "refundOrder", summary = "Give money of a confirmed order back", description = """
                    All of it or a part, as often as something is left; answers before the payment provider has done \
                    it. The order stays `CONFIRMED` and shows what went back. `Idempotency-Key` makes repeating safe. \
                    Needs the scope ops.""")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            required = true,
            description = "A string in double quotes (RFC 8941), 1 to 255 characters, new for each refund",
            schema = @Schema(type = "string"),
            example = "\"0b7ff1f4-2f6e-4a43-9c7b-6f0f8a1f3b55\"")
    @ApiResponse(
            responseCode = "202",
            description = "The refund is written down and will be given back",
            headers = {
                @Header(name = "Location", description = "The refund's path", schema = @Schema(type = "string")),
                @Header(
                        name = REPLAYED,
                        description = "true: the answer to an earlier request with this key",
                        schema = @Schema(type = "string"))
            },
            content = @Content(schema = @Schema(implementation = RefundResponse.class)))
    @ApiResponse(responseCode = "404", description = "There is no such order.")
    @ApiResponse(
            responseCode = "409",
            description = "The order is not confirmed, less is left than asked for, or the first request with this key"
                    + " is still running.")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    @ApiResponse(responseCode = "422", description = "The key was used with other content.")
    ResponseEntity<String> refund(
            @PathVariable UUID id,
            @RequestBody RefundRequest request,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers,
            @Parameter(hidden = true) Authentication authentication) {
        Caller caller = Caller.of(authentication);
        IdempotencyKey key = IdempotencyKey.parse(headers.getOrEmpty(IdempotencyKey.HEADER));
        String path = "/api/orders/" + id + "/refunds";
        var once = IdempotentRequest.of(caller.subject(), "POST " + path, key, json.writeValueAsString(request));
        var intention = new Intention(
                Operator.of(authentication), "refund-order", Map.of("orderId", id.toString()), request.reason());
        Answer answer = bulkhead.call(() -> actions.carryOut(intention, () -> {
            Answer given = requests.once(once, () -> {
                Refund refund = ask(orders.find(id, null), request, caller);
                return new Answer(
                        202,
                        Map.of(HttpHeaders.LOCATION, path + "/" + refund.id()),
                        json.writeValueAsString(RefundResponse.from(refund)));
            });
            return Effect.on(given.replayed() ? 0 : 1, given);
        }));
        var entity = ResponseEntity.status(answer.status()).contentType(MediaType.APPLICATION_JSON);
        answer.headers().forEach(entity::header);
        if (answer.replayed()) {
            entity.header(REPLAYED, "true");
        }
        return entity.body(answer.body());
    }

    private Refund ask(Order order, RefundRequest request, Caller caller) {
        String currency = order.total().currency();
        if (request.amount() != null && !currency.equals(request.amount().currency())) {
            throw new InvalidRequest(List.of(new FieldProblem(
                    "amount.currency", "other-currency", "The order was paid in " + currency + ".", currency)));
        }
        if (order.state() != OrderState.CONFIRMED) {
            throw new OrderNotRefundable(order.state());
        }
        Money amount = request.money();
        return refunds.request(order.id(), amount, request.reason(), caller.subject());
    }

    @GetMapping
    @Operation(
            operationId = "listRefunds",
            summary = "List an order's refunds, oldest first",
            description = "Of one's own order; with the scope ops, of anybody's.")
    @ApiResponse(responseCode = "200", description = "The refunds")
    @ApiResponse(responseCode = "404", description = "There is no such order, or it is somebody else's.")
    RefundResponse.All list(@PathVariable UUID id, @Parameter(hidden = true) Authentication authentication) {
        return bulkhead.call(() -> {
            orders.find(id, Caller.of(authentication).sees());
            return RefundResponse.All.from(refunds.of(id));
        });
    }

    @GetMapping("/{refundId}")
    @Operation(
            operationId = "getRefund",
            summary = "Read a refund",
            description = "Of one's own order; with the scope ops, of anybody's.")
    @ApiResponse(responseCode = "200", description = "The refund")
    @ApiResponse(responseCode = "404", description = "There is no such order or refund, or it is somebody else's.")
    RefundResponse read(
            @PathVariable UUID id,
            @PathVariable UUID refundId,
            @Parameter(hidden = true) Authentication authentication) {
        return bulkhead.call(() -> {
            orders.find(id, Caller.of(authentication).sees());
            return RefundResponse.from(refunds.find(id, refundId));
        });
    }

    @PostMapping("/{refundId}/retry")
    @Operation(
            operationId = "retryRefund",
            summary = "Take a parked refund up again",
            description = "For one that came to a stop after too many attempts or an answer that makes no sense; any"
                    + " other stays as it is. The provider is asked before it is told anything. Needs the scope ops.")
    @ApiResponse(responseCode = "202", description = "The refund")
    @ApiResponse(responseCode = "404", description = "There is no such order or refund.")
    ResponseEntity<RefundResponse> retry(
            @PathVariable UUID id,
            @PathVariable UUID refundId,
            @Parameter(hidden = true) Authentication authentication) {
        var intention = new Intention(
                Operator.of(authentication),
                "retry-refund",
                Map.of("orderId", id.toString(), "refundId", refundId.toString()),
                null);
        Refund refund = bulkhead.call(() -> actions.carryOut(intention, () -> {
            boolean resumed = refunds.resume(id, refundId);
            return Effect.on(resumed ? 1 : 0, refunds.find(id, refundId));
        }));
        return ResponseEntity.accepted().body(RefundResponse.from(refund));
    }
}
