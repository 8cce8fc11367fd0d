package dev.gatehouse.billing.operation.web;

import dev.gatehouse.billing.audit.Effect;
import dev.gatehouse.billing.audit.Intention;
import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.audit.OperatorActions;
import dev.gatehouse.billing.input.PageCursor;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderService;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.order.ParkedOrder;
import dev.gatehouse.billing.order.ParkedOrders;
import dev.gatehouse.billing.order.ParkedOrders.Filter;
import dev.gatehouse.billing.order.ParkedOrders.Position;
import dev.gatehouse.billing.outbox.OutboxEntries;
import dev.gatehouse.billing.payment.PaymentService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/operations/parked-orders", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Operations", description = "Deciding about what the platform put aside; needs the scope ops")
class ParkedOrderController {

    private final ParkedOrders parked;
    private final OrderService orders;
    private final PaymentService payments;
    private final OutboxEntries outbox;
    private final OperatorActions actions;

    ParkedOrderController(
            ParkedOrders parked,
            OrderService orders,
            PaymentService payments,
            OutboxEntries outbox,
            OperatorActions actions) {
        this.parked = parked;
        this.orders = orders;
        this.payments = payments;
        this.outbox = outbox;
        this.actions = actions;
    }

    @GetMapping
    @Operation(
            operationId = "listParkedOrders",
            summary = "List parked orders, the longest parked first",
            description = "Orders whose next step failed too often, or in a way that repeating cannot mend.")
    @ApiResponse(responseCode = "200", description = "A page")
    ParkedOrderPageResponse list(
            @Parameter(description = "Most orders in the page") @RequestParam(defaultValue = "20") @Min(1) @Max(100)
                    int limit,
            @Parameter(description = "nextCursor of the page before")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String cursor,
            @Parameter(description = "Only orders in this state") @RequestParam(required = false) @Nullable
                    OrderState state,
            @Parameter(description = "Occurs in the reason, in whatever case")
                    @RequestParam(required = false)
                    @Size(min = 1, max = 200)
                    @Nullable
                    String reason,
            @Parameter(description = "Parked at this time or later", schema = @Schema(format = "date-time"))
                    @RequestParam(required = false)
                    @Nullable
                    String parkedAfter,
            @Parameter(description = "Parked earlier than this", schema = @Schema(format = "date-time"))
                    @RequestParam(required = false)
                    @Nullable
                    String parkedBefore) {
        Times times = Times.of(parkedAfter, parkedBefore);
        var filter = new Filter(state, reason, times.after(), times.before());
        String query = filter.toString();
        PageCursor after = cursor == null ? null : PageCursor.parse(cursor, query);
        List<ParkedOrder> found =
                parked.page(filter, after == null ? null : new Position(after.at(), after.id()), limit + 1);
        List<ParkedOrder> page = found.subList(0, Math.min(limit, found.size()));
        return new ParkedOrderPageResponse(
                page.stream().map(ParkedOrderPageResponse.Item::from).toList(),
                found.size() <= limit ? null : cursorAfter(page.getLast()).text(query));
    }

    private static PageCursor cursorAfter(ParkedOrder last) {
        return new PageCursor(Objects.requireNonNull(last.parkedAt()), last.orderId());
    }

    @GetMapping("/{id}")
    @Operation(
            operationId = "inspectOrder",
            summary = "Look into an order",
            description = "Its step with attempts and last error, its payment, and its messages; parked or not.")
    @ApiResponse(responseCode = "200", description = "What is known about it")
    @ApiResponse(responseCode = "404", description = "There is no such order.")
    ParkedOrderResponse inspect(@PathVariable UUID id) {
        Order order = orders.find(id, null);
        return ParkedOrderResponse.from(order, parked.step(id), payments.snapshot(id), outbox.of(id));
    }

    @PostMapping("/{id}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "replayOrder",
            summary = "Try a parked order's step again",
            description = "At once, with its attempts counted from zero. What the step does is safe to repeat.")
    @ApiResponse(responseCode = "202", description = "It is being tried")
    @ApiResponse(responseCode = "404", description = "There is no such order.")
    @ApiResponse(responseCode = "409", description = "The order is not parked.")
    ReplayResponse replay(@PathVariable UUID id, @Parameter(hidden = true) Authentication authentication) {
        return actions.carryOut(intention(authentication, "replay-order", id, null), () -> {
            parked.replay(id);
            return Effect.on(1, ReplayResponse.of(List.of(id)));
        });
    }

    @PostMapping(path = "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "replayOrders",
            summary = "Try the steps of many parked orders again",
            description = "Those that the filter finds, the longest parked first. A filter that finds nothing is no"
                    + " error; it too leaves a line in the record of actions.")
    @ApiResponse(responseCode = "200", description = "How many, and which")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    ReplayResponse replayMany(
            @Valid @RequestBody ReplayOrdersRequest request, @Parameter(hidden = true) Authentication authentication) {
        Filter filter = request.filter();
        var intention = new Intention(
                Operator.of(authentication),
                "replay-orders",
                Times.target(filter.state(), filter.reason(), filter.after(), filter.before(), request.limit()),
                null);
        return actions.carryOut(intention, () -> {
            if (request.dryRun()) {
                long matched = parked.count(filter);
                return Effect.counted(matched, ReplayResponse.counted(matched));
            }
            List<UUID> replayed = parked.replay(filter, request.limit());
            return Effect.on(replayed.size(), ReplayResponse.of(replayed));
        });
    }

    @PostMapping(path = "/{id}/abandonment", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "giveUpOrder",
            summary = "Give a parked order up",
            description = "What was reserved or charged is given back, then the order is rejected with the reason"
                    + " given-up-by-operator. Refused where stock may be sold already, or money may be lost.")
    @ApiResponse(responseCode = "202", description = "It is being given up")
    @ApiResponse(responseCode = "404", description = "There is no such order.")
    @ApiResponse(
            responseCode = "409",
            description = "The order is not parked, or giving it up could lose stock or money.")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    ParkedOrderResponse giveUp(
            @PathVariable UUID id,
            @Valid @RequestBody ReasonRequest request,
            @Parameter(hidden = true) Authentication authentication) {
        actions.carryOut(
                intention(authentication, "give-up-order", id, request.reason()),
                () -> Effect.on(1, parked.giveUp(id)));
        return inspect(id);
    }

    private static Intention intention(Authentication authentication, String action, UUID id, @Nullable String reason) {
        return new Intention(Operator.of(authentication), action, Map.of("order", id.toString()), reason);
    }
}
