package dev.gatehouse.billing.cart.web;

import dev.gatehouse.billing.cart.CartService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/cart")
@Tag(name = "Cart", description = "What the caller means to order, kept for seven days after it was last used")
class CartController {

    private final CartService carts;

    CartController(CartService carts) {
        this.carts = carts;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getCart", summary = "Read one's own cart")
    @ApiResponse(responseCode = "200", description = "The cart, empty when there is none")
    CartResponse read(@Parameter(hidden = true) @AuthenticationPrincipal(expression = "subject") String customer) {
        return CartResponse.from(carts.of(customer));
    }

    @PutMapping(
            path = "/items/{filmId}",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "putCartItem",
            summary = "Put copies of a film into the cart",
            description = "Sets the quantity; title and price are those of the catalogue at this moment.")
    @ApiResponse(responseCode = "200", description = "The whole cart")
    @ApiResponse(responseCode = "404", description = "There is no such film.")
    @ApiResponse(responseCode = "409", description = "The cart is full, or in another currency than the film.")
    CartResponse put(
            @Parameter(hidden = true) @AuthenticationPrincipal(expression = "subject") String customer,
            @PathVariable UUID filmId,
            @Valid @RequestBody PutCartItemRequest request) {
        return CartResponse.from(carts.put(customer, filmId, request.quantity()));
    }

    @DeleteMapping("/items/{filmId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteCartItem", summary = "Take a film out of the cart")
    @ApiResponse(responseCode = "204", description = "The film is not in the cart, or not any more")
    void remove(
            @Parameter(hidden = true) @AuthenticationPrincipal(expression = "subject") String customer,
            @PathVariable UUID filmId) {
        carts.remove(customer, filmId);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteCart", summary = "Empty the cart")
    @ApiResponse(responseCode = "204", description = "The cart is empty")
    void clear(@Parameter(hidden = true) @AuthenticationPrincipal(expression = "subject") String customer) {
        carts.clear(customer);
    }
}
