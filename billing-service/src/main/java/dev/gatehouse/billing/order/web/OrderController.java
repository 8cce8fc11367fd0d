package dev.gatehouse.billing.order.web;

import dev.gatehouse.billing.cart.Cart;
import dev.gatehouse.billing.cart.CartService;
import dev.gatehouse.billing.cart.CartUnavailable;
import dev.gatehouse.billing.idempotency.Answer;
import dev.gatehouse.billing.idempotency.IdempotencyKey;
import dev.gatehouse.billing.idempotency.IdempotentRequest;
import dev.gatehouse.billing.idempotency.IdempotentRequests;
import dev.gatehouse.billing.input.CardNumbers;
import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.order.CartEmpty;
import dev.gatehouse.billing.order.Order;
import dev.gatehouse.billing.order.OrderLine;
import dev.gatehouse.billing.order.OrderPage;
import dev.gatehouse.billing.order.OrderService;
import dev.gatehouse.billing.order.OrderService.Awaited;
import dev.gatehouse.billing.order.OrderState;
import dev.gatehouse.billing.payment.RefundService;
import io.swagger.v3.oas.annotations.ExternalDocumentation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/orders")
@Tag(name = "Orders", description = "Orders are taken in at once and worked off afterwards")
class OrderController {

    private static final Logger log = LoggerFactory.getLogger(OrderController.class);
    private static final String ROUTE = "POST /api/orders";
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final OrderService orders;
    private final OrderStreams streams;
    private final CartService carts;
    private final IdempotentRequests requests;
    private final RefundService refunds;
    private final RequestBulkhead bulkhead;
    private final JsonMapper json;

    OrderController(
            OrderService orders,
            OrderStreams streams,
            CartService carts,
            IdempotentRequests requests,
            RefundService refunds,
            RequestBulkhead bulkhead,
            JsonMapper json) {
        this.orders = orders;
        this.streams = streams;
        this.carts = carts;
        this.requests = requests;
        this.refunds = refunds;
        this.bulkhead = bulkhead;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "placeOrder",
            summary = "Place an order",
            externalDocs =
                    @ExternalDocumentation(
                            description = "How keys work and how long they are kept",
                            url = "https://gatehouse.dev/docs/idempotency"),
            description = """
                    Takes the order in and answers before it is worked off; `Prefer: wait=N`, its events and \
                    `GET` tell the outcome. The unit price of each line is the one the customer saw: when the \
                    shop asks another, the order ends `REJECTED` and nobody is charged.

                    `Idempotency-Key` makes repeating safe: the same key with the same content is carried out \
                    once and answered the same again, with `Idempotent-Replayed: true`. Keys belong to the \
                    caller and this operation, and are forgotten 24 hours after their first use. Refused \
                    requests (4xx) leave no trace of their key.""")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            required = true,
            description = "A string in double quotes (RFC 8941), 1 to 255 characters, new for each order",
            schema = @Schema(type = "string"),
            example = "\"6f1c0f8e-9a55-4d3c-8f0e-3f8a1e8f6b7d\"")
    @Parameter(
            name = Preference.HEADER,
            in = ParameterIn.HEADER,
            description = "`wait=N`: wait up to N seconds, at most 30, for the outcome (RFC 7240)",
            schema = @Schema(type = "string"),
            example = "wait=10")
    @ApiResponse(
            responseCode = "202",
            description = "The order is taken in",
            headers = {
                @Header(name = "Location", description = "The order's path", schema = @Schema(type = "string")),
                @Header(
                        name = REPLAYED,
                        description = "true: the answer to an earlier request with this key",
                        schema = @Schema(type = "string")),
                @Header(
                        name = Preference.APPLIED,
                        description = "Set when the request waited",
                        schema = @Schema(type = "string"))
            },
            content = @Content(schema = @Schema(implementation = OrderResponse.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The order is in a final state already, as asked for by Prefer",
            headers = @Header(name = "Location", description = "The order's path", schema = @Schema(type = "string")),
            content = @Content(schema = @Schema(implementation = OrderResponse.class)))
    @ApiResponse(responseCode = "409", description = "The first request with this key is still running.")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    @ApiResponse(responseCode = "422", description = "The key was used with other content, or the cart is empty.")
    ResponseEntity<String> place(
            @RequestBody PlaceOrderRequest request,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers,
            @Parameter(hidden = true) Authentication authentication)
            throws InterruptedException {
        Caller caller = Caller.of(authentication);
        IdempotencyKey key = IdempotencyKey.parse(headers.getOrEmpty(IdempotencyKey.HEADER));
        if (CardNumbers.occurIn(key.value())) {
            throw invalid(IdempotencyKey.HEADER, "card-number", "This looks like a card number.");
        }
        var once = IdempotentRequest.of(caller.subject(), ROUTE, key, json.writeValueAsString(request));
        Answer answer = request.lines() == null ? placeCart(caller, request, once) : place(caller, request, once);
        Optional<Preference> preference = Preference.of(headers.getOrEmpty(Preference.HEADER));
        return preference.isPresent() && !answer.replayed()
                ? awaited(caller, once, answer, preference.get())
                : entity(answer, Map.of());
    }

    private Answer place(Caller caller, PlaceOrderRequest request, IdempotentRequest once) {
        return place(caller, request.orderLines(), request.paymentMethod(), once);
    }

    private Answer place(Caller caller, List<OrderLine> lines, String paymentMethod, IdempotentRequest once) {
        return bulkhead.call(() ->
                requests.once(once, () -> accepted(orders.place(caller.subject(), lines, paymentMethod))));
    }

    /**
     * The key is looked up before the cart, which its first use has emptied, and again if it is empty, which a parallel
     * use may have done just now.
     */
    private Answer placeCart(Caller caller, PlaceOrderRequest request, IdempotentRequest once) {
        Optional<Answer> earlier = bulkhead.call(() -> requests.replay(once));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Cart cart = carts.of(caller.subject());
        if (cart.isEmpty()) {
            return bulkhead.call(() -> requests.replay(once)).orElseThrow(() -> new CartEmpty(caller.subject()));
        }
        List<OrderLine> lines = cart.items().stream()
                .map(item -> new OrderLine(item.filmId(), item.quantity(), item.unitPrice()))
                .toList();
        Answer answer = place(caller, lines, request.paymentMethod(), once);
        if (!answer.replayed()) {
            try {
                carts.clear(caller.subject());
            } catch (CartUnavailable down) {
                // The order stands; a cart that outlives it is a nuisance, an error here would be a lie.
                log.warn("A cart was ordered and not cleared: {}", down.toString());
            }
        }
        return answer;
    }

    private Answer accepted(Order order) {
        return new Answer(202, Map.of(HttpHeaders.LOCATION, "/api/orders/" + order.id()), body(order));
    }

    /** Once an outcome was sent in place of the acceptance, repetitions get the outcome too. */
    private ResponseEntity<String> awaited(
            Caller caller, IdempotentRequest once, Answer accepted, Preference preference) throws InterruptedException {
        String location = accepted.headers().getOrDefault(HttpHeaders.LOCATION, "");
        UUID id = UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
        Awaited awaited = orders.await(id, caller.subject(), preference.atMost());
        Map<String, String> applied = awaited.waited() ? Map.of(Preference.APPLIED, preference.applied()) : Map.of();
        if (!awaited.order().state().isFinal()) {
            return entity(accepted, applied);
        }
        var outcome = new Answer(200, accepted.headers(), body(awaited.order()));
        bulkhead.call(() -> {
            requests.remember(once, outcome);
            return outcome;
        });
        return entity(outcome, applied);
    }

    private static ResponseEntity<String> entity(Answer answer, Map<String, String> more) {
        var entity = ResponseEntity.status(answer.status()).contentType(MediaType.APPLICATION_JSON);
        answer.headers().forEach(entity::header);
        more.forEach(entity::header);
        if (answer.replayed()) {
            entity.header(REPLAYED, "true");
        }
        return entity.body(answer.body());
    }

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getOrder",
            summary = "Read an order",
            description = "One's own; with the scope ops, anybody's.")
    @Parameter(
            name = Preference.HEADER,
            in = ParameterIn.HEADER,
            description = "`wait=N`: wait up to N seconds, at most 30, for a final state (RFC 7240)",
            schema = @Schema(type = "string"),
            example = "wait=10")
    @ApiResponse(
            responseCode = "200",
            description = "The order",
            headers =
                    @Header(
                            name = "ETag",
                            description = "The order's version and what went back of it",
                            schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "304", description = "Unchanged since If-None-Match", content = @Content)
    @ApiResponse(responseCode = "404", description = "There is no such order, or it is somebody else's.")
    ResponseEntity<OrderResponse> read(
            @PathVariable UUID id,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers,
            @Parameter(hidden = true) Authentication authentication)
            throws InterruptedException {
        Caller caller = Caller.of(authentication);
        Optional<Preference> preference = Preference.of(headers.getOrEmpty(Preference.HEADER));
        if (preference.isEmpty()) {
            return entity(bulkhead.call(() -> seen(orders.find(id, caller.sees()))), Map.of());
        }
        Awaited awaited = orders.await(id, caller.sees(), preference.get().atMost());
        return entity(
                bulkhead.call(() -> seen(awaited.order())),
                awaited.waited() ? Map.of(Preference.APPLIED, preference.get().applied()) : Map.of());
    }

    private OrderResponse seen(Order order) {
        return OrderResponse.from(
                order, refunds.refundedMinor(List.of(order.id())).get(order.id()));
    }

    private static ResponseEntity<OrderResponse> entity(OrderResponse order, Map<String, String> more) {
        // Money that goes back changes what is shown and no state.
        String refunded = order.refunded() == null ? "" : "-" + order.refunded().amountMinor();
        var entity = ResponseEntity.ok().eTag("\"" + order.version() + refunded + "\"");
        more.forEach(entity::header);
        return entity.body(order);
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listOrders",
            summary = "List orders, newest first",
            description = "One's own; with the scope ops, everybody's.")
    @ApiResponse(responseCode = "200", description = "A page")
    OrderPageResponse list(
            @Parameter(description = "Most orders in the page") @RequestParam(defaultValue = "20") @Min(1) @Max(100)
                    int limit,
            @Parameter(description = "nextCursor of the page before")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String cursor,
            @Parameter(description = "Only orders in this state") @RequestParam(required = false) @Nullable
                    OrderState state,
            @Parameter(hidden = true) Authentication authentication) {
        Caller caller = Caller.of(authentication);
        var after = cursor == null ? null : CursorText.parse(cursor, state);
        return bulkhead.call(() -> {
            OrderPage page = orders.page(caller.sees(), state, after, limit);
            return OrderPageResponse.from(
                    page,
                    refunds.refundedMinor(page.items().stream().map(Order::id).toList()));
        });
    }

    @PostMapping(path = "/{id}/cancellation", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "cancelOrder",
            summary = "Cancel one's own order",
            description = "Possible until its stock is being sold. What was reserved or charged is given back."
                    + " Repeating it changes nothing.")
    @ApiResponse(
            responseCode = "202",
            description = "The order is being cancelled, or is cancelled",
            headers = @Header(name = "Location", description = "The order's path", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "404", description = "There is no such order, or it is somebody else's.")
    @ApiResponse(responseCode = "409", description = "The order can no longer be cancelled.")
    ResponseEntity<OrderResponse> cancel(
            @PathVariable UUID id, @Parameter(hidden = true) Authentication authentication) {
        Order order =
                bulkhead.call(() -> orders.cancel(id, Caller.of(authentication).subject()));
        return ResponseEntity.accepted()
                .header(HttpHeaders.LOCATION, "/api/orders/" + id)
                .body(OrderResponse.from(order));
    }

    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "followOrder", summary = "Follow an order's states", description = """
                    Server-sent events named `state`, with the order's version as id; the stream begins with the \
                    first state, or after the one that `Last-Event-ID` names, and ends with a final one. \
                    Comments keep it alive.""")
    @Parameter(
            name = LAST_EVENT_ID,
            in = ParameterIn.HEADER,
            description = "The version of the last state that was seen",
            schema = @Schema(type = "integer", minimum = "0"),
            example = "1")
    @ApiResponse(
            responseCode = "200",
            description = "The events",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = OrderStreams.StateEvent.class, name = "OrderStateEvent")))
    @ApiResponse(
            responseCode = "204",
            description = "The final state was seen already: do not reconnect",
            content = @Content)
    @ApiResponse(responseCode = "404", description = "There is no such order, or it is somebody else's.")
    ResponseEntity<SseEmitter> follow(
            @PathVariable UUID id,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers,
            @Parameter(hidden = true) Authentication authentication) {
        String customer = Caller.of(authentication).sees();
        int after = lastEventId(headers);
        Order order = bulkhead.call(() -> orders.find(id, customer));
        if (order.state().isFinal() && after >= order.version()) {
            return ResponseEntity.noContent().build();
        }
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                // Proxies that collect answers would hold the events back.
                .header("X-Accel-Buffering", "no")
                .body(streams.open(id, customer, after));
    }

    private static int lastEventId(HttpHeaders headers) {
        String text = headers.getFirst(LAST_EVENT_ID);
        if (text == null || text.isEmpty()) {
            return 0;
        }
        if (!text.matches("\\d{1,9}")) {
            throw invalid(LAST_EVENT_ID, "malformed", "Must be the id of an event of this stream.");
        }
        return Integer.parseInt(text);
    }

    private String body(Order order) {
        return json.writeValueAsString(OrderResponse.from(order));
    }

    private static InvalidRequest invalid(String field, String code, String message) {
        return new InvalidRequest(List.of(new FieldProblem(field, code, message)));
    }
}
