package dev.gatehouse.billing.operation.web;

import dev.gatehouse.billing.audit.Effect;
import dev.gatehouse.billing.audit.Intention;
import dev.gatehouse.billing.audit.Operator;
import dev.gatehouse.billing.audit.OperatorActions;
import dev.gatehouse.billing.input.PageCursor;
import dev.gatehouse.billing.order.ParkedMessage;
import dev.gatehouse.billing.order.ParkedMessage.State;
import dev.gatehouse.billing.order.ParkedMessages;
import dev.gatehouse.billing.order.ParkedMessages.Filter;
import dev.gatehouse.billing.order.ParkedMessages.Position;
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
@RequestMapping(path = "/api/operations/parked-messages", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Operations", description = "Deciding about what the platform put aside; needs the scope ops")
class ParkedMessageController {

    private final ParkedMessages parked;
    private final OperatorActions actions;

    ParkedMessageController(ParkedMessages parked, OperatorActions actions) {
        this.parked = parked;
        this.actions = actions;
    }

    @GetMapping
    @Operation(
            operationId = "listParkedMessages",
            summary = "List parked messages, the longest parked first",
            description = "Messages that nobody could read or act on, also those that were decided about.")
    @ApiResponse(responseCode = "200", description = "A page")
    ParkedMessagePageResponse list(
            @Parameter(description = "Most messages in the page") @RequestParam(defaultValue = "20") @Min(1) @Max(100)
                    int limit,
            @Parameter(description = "nextCursor of the page before")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String cursor,
            @Parameter(description = "Only messages of which this was decided")
                    @RequestParam(required = false)
                    @Nullable
                    State state,
            @Parameter(description = "The word they were parked with")
                    @RequestParam(required = false)
                    @Size(min = 1, max = 50)
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
        List<ParkedMessage> found =
                parked.page(filter, after == null ? null : new Position(after.at(), after.id()), limit + 1);
        List<ParkedMessage> page = found.subList(0, Math.min(limit, found.size()));
        return new ParkedMessagePageResponse(
                page.stream().map(ParkedMessageResponse::listed).toList(),
                found.size() <= limit
                        ? null
                        : new PageCursor(
                                        page.getLast().parkedAt(),
                                        page.getLast().id())
                                .text(query));
    }

    @GetMapping("/{id}")
    @Operation(operationId = "inspectMessage", summary = "Look into a parked message")
    @ApiResponse(responseCode = "200", description = "The whole message")
    @ApiResponse(responseCode = "404", description = "There is no such message.")
    ParkedMessageResponse inspect(@PathVariable UUID id) {
        return ParkedMessageResponse.whole(parked.find(id));
    }

    @PostMapping("/{id}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "replayMessage",
            summary = "Send a parked message once more",
            description = "As it came, to the exchange it came through. It stays in the list, marked.")
    @ApiResponse(responseCode = "202", description = "It is written to the outbox and goes out")
    @ApiResponse(responseCode = "404", description = "There is no such message.")
    @ApiResponse(responseCode = "409", description = "It was replayed or discarded before.")
    ReplayResponse replay(@PathVariable UUID id, @Parameter(hidden = true) Authentication authentication) {
        return actions.carryOut(intention(authentication, "replay-message", id, null), () -> {
            parked.replay(id);
            return Effect.on(1, ReplayResponse.of(List.of(id)));
        });
    }

    @PostMapping(path = "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "replayMessages",
            summary = "Send many parked messages once more",
            description =
                    "Those that the filter finds and nobody decided about, the longest parked first. A filter that"
                            + " finds nothing is no error; it too leaves a line in the record of actions.")
    @ApiResponse(responseCode = "200", description = "How many, and which")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    ReplayResponse replayMany(
            @Valid @RequestBody ReplayMessagesRequest request,
            @Parameter(hidden = true) Authentication authentication) {
        Filter filter = request.filter();
        var intention = new Intention(
                Operator.of(authentication),
                "replay-messages",
                Times.target(null, filter.reason(), filter.after(), filter.before(), request.limit()),
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

    @PostMapping(path = "/{id}/discard", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "discardMessage",
            summary = "Decide that a parked message is not sent again",
            description = "It stays in the list, marked.")
    @ApiResponse(responseCode = "200", description = "The message, discarded")
    @ApiResponse(responseCode = "404", description = "There is no such message.")
    @ApiResponse(responseCode = "409", description = "It was replayed or discarded before.")
    @ApiResponse(responseCode = "413", description = "The body is larger than 64 KiB.")
    @ApiResponse(responseCode = "415", description = "The body is not JSON.")
    ParkedMessageResponse discard(
            @PathVariable UUID id,
            @Valid @RequestBody ReasonRequest request,
            @Parameter(hidden = true) Authentication authentication) {
        return actions.carryOut(intention(authentication, "discard-message", id, request.reason()), () -> {
            parked.discard(id);
            return Effect.on(1, ParkedMessageResponse.whole(parked.find(id)));
        });
    }

    private static Intention intention(Authentication authentication, String action, UUID id, @Nullable String reason) {
        return new Intention(Operator.of(authentication), action, Map.of("message", id.toString()), reason);
    }
}
