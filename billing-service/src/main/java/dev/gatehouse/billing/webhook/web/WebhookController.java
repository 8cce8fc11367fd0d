package dev.gatehouse.billing.webhook.web;

import dev.gatehouse.billing.webhook.WebhookProperties;
import dev.gatehouse.billing.webhook.WebhookService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/webhooks/payments")
@Tag(name = "Webhooks", description = "What the payment provider tells by itself")
class WebhookController {

    private static final String SIGNATURE = "Stripe-Signature";

    private final WebhookService webhooks;
    private final WebhookProperties properties;

    WebhookController(WebhookService webhooks, WebhookProperties properties) {
        this.webhooks = webhooks;
        this.properties = properties;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @SecurityRequirements // none: the signature is the proof
    @Operation(operationId = "takePaymentEvent", summary = "Take an event of the payment provider", description = """
                    Stripe's webhooks. An event is a hint: the order it names is looked at again, and the provider is \
                    asked; nothing changes because an event says so. Repeating an event changes nothing. Types that \
                    say nothing to this service are accepted.""")
    @Parameter(
            name = SIGNATURE,
            in = ParameterIn.HEADER,
            required = true,
            description = "`t=<seconds>,v1=<HMAC-SHA256 of t, a dot and the body, hexadecimal>`, at most 300 s old;"
                    + " several v1 while secrets change",
            schema = @Schema(type = "string"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            description = "Stripe's event",
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    @ApiResponse(responseCode = "200", description = "Taken, now or before", content = @Content)
    @ApiResponse(
            responseCode = "400",
            description = "Not signed, signed with another secret or at another time, not JSON, of an unknown version,"
                    + " or incomplete.")
    @ApiResponse(responseCode = "413", description = "The event is larger than 256 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    ResponseEntity<Void> take(@Parameter(hidden = true) HttpServletRequest request) throws IOException {
        int limit = Math.toIntExact(properties.maxBody().toBytes());
        webhooks.take(request.getInputStream().readNBytes(limit + 1), request.getHeader(SIGNATURE));
        return ResponseEntity.ok().build();
    }
}
