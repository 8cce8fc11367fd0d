package dev.gatehouse.billing.operation.web;

import dev.gatehouse.billing.audit.Effect;
import dev.gatehouse.billing.audit.Intention;
import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.audit.OperatorActions;
import dev.gatehouse.billing.input.PageCursor;
import dev.gatehouse.billing.outbox.OutboxEntries;
import dev.gatehouse.billing.outbox.OutboxEntries.Position;
import dev.gatehouse.billing.outbox.OutboxEntry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/operations/unsent-messages", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Operations", description = "Deciding about what the platform put aside; needs the scope ops")
class UnsentMessageController {

    private static final String QUERY = "unsent-messages";

    private final OutboxEntries outbox;
    private final OperatorActions actions;

    UnsentMessageController(OutboxEntries outbox, OperatorActions actions) {
        this.outbox = outbox;
        this.actions = actions;
    }

    @GetMapping
    @Operation(
            operationId = "listUnsentMessages",
            summary = "List messages that the broker refuses, the oldest first",
            description = "They are tried again by themselves, ever more seldom; the reason is in lastError.")
    @ApiResponse(responseCode = "200", description = "A page")
    UnsentMessagePageResponse list(
            @Parameter(description = "Most messages in the page") @RequestParam(defaultValue = "20") @Min(1) @Max(100)
                    int limit,
            @Parameter(description = "nextCursor of the page before")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String cursor) {
        PageCursor after = cursor == null ? null : PageCursor.parse(cursor, QUERY);
        List<OutboxEntry> found =
                outbox.refused(after == null ? null : new Position(after.at(), after.id()), limit + 1);
        List<OutboxEntry> page = found.subList(0, Math.min(limit, found.size()));
        return new UnsentMessagePageResponse(
                page.stream().map(UnsentMessagePageResponse.Item::from).toList(),
                found.size() <= limit
                        ? null
                        : new PageCursor(
                                        page.getLast().createdAt(),
                                        page.getLast().id())
                                .text(QUERY));
    }

    @PostMapping("/{id}/send")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "sendMessageNow",
            summary = "Offer a message to the broker at once",
            description = "Earlier messages of the same order still go first.")
    @ApiResponse(responseCode = "202", description = "It is offered")
    @ApiResponse(responseCode = "404", description = "The outbox holds no such message.")
    @ApiResponse(responseCode = "409", description = "The broker has it already.")
    ReplayResponse send(@PathVariable UUID id, @Parameter(hidden = true) Authentication authentication) {
        var intention = new Intention(
                Operator.of(authentication), "send-message", Map.of("outboxMessage", id.toString()), null);
        return actions.carryOut(intention, () -> {
            outbox.sendNow(id);
            return Effect.on(1, ReplayResponse.of(List.of(id)));
        });
    }
}
