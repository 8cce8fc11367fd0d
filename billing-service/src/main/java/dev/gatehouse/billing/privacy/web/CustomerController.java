package dev.gatehouse.billing.privacy.web;

import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.privacy.Erasure;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/customers/me")
@Tag(name = "Privacy", description = "What is kept about the caller: to have it, and to have it forgotten")
class CustomerController {

    private final CustomerDataWriter data;
    private final Erasure erasure;

    CustomerController(CustomerDataWriter data, Erasure erasure) {
        this.data = data;
        this.erasure = erasure;
    }

    @GetMapping(path = "/data", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "exportMyData",
            summary = "Export everything that is kept about oneself",
            description = "One document, streamed: the cart, the requests that are remembered, and every order with its"
                    + " payment.")
    @ApiResponse(
            responseCode = "200",
            description = "The whole of it",
            content = @Content(schema = @Schema(implementation = CustomerDataResponse.class)))
    void export(@Parameter(hidden = true) Authentication authentication, HttpServletResponse response)
            throws IOException {
        var beginning = data.begin(authentication.getName());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"gatehouse-data.json\"");
        // On this thread, a virtual one: an asynchronous answer would be cut off after the container's timeout.
        data.write(beginning, response.getOutputStream());
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "eraseMe",
            summary = "Have oneself forgotten",
            description = "The cart, remembered requests and copies in messages are deleted. Orders are kept as the law"
                    + " asks, under a random pseudonym and without the means of payment: nobody can tell any more whose"
                    + " they were. It cannot be undone; repeating it changes nothing.")
    @ApiResponse(responseCode = "204", description = "Nothing here leads to the caller any more")
    @ApiResponse(responseCode = "409", description = "An order is not final yet; nothing was forgotten.")
    void erase(@Parameter(hidden = true) Authentication authentication) {
        erasure.eraseMyself(
                authentication.getName(), Operator.of(authentication).client());
    }
}
