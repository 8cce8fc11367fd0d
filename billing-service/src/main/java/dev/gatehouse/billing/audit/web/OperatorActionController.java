package dev.gatehouse.billing.audit.web;

import dev.gatehouse.billing.audit.OperatorAction;
import dev.gatehouse.billing.audit.OperatorActions;
import dev.gatehouse.billing.audit.OperatorActions.Position;
import dev.gatehouse.billing.input.PageCursor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/operations/actions")
@Tag(name = "Operations", description = "Deciding about what the platform put aside; needs the scope ops")
class OperatorActionController {

    private static final String QUERY = "actions";

    private final OperatorActions actions;

    OperatorActionController(OperatorActions actions) {
        this.actions = actions;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listOperatorActions",
            summary = "List what operators did, newest first",
            description = "Every action, also those that were refused or found nothing. Nobody can change the record.")
    @ApiResponse(responseCode = "200", description = "A page")
    OperatorActionPageResponse list(
            @Parameter(description = "Most actions in the page") @RequestParam(defaultValue = "20") @Min(1) @Max(100)
                    int limit,
            @Parameter(description = "nextCursor of the page before")
                    @RequestParam(required = false)
                    @Size(max = 200)
                    @Nullable
                    String cursor) {
        PageCursor after = cursor == null ? null : PageCursor.parse(cursor, QUERY);
        List<OperatorAction> found =
                actions.page(after == null ? null : new Position(after.at(), after.id()), limit + 1);
        List<OperatorAction> page = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() <= limit
                ? null
                : new PageCursor(page.getLast().at(), page.getLast().id()).text(QUERY);
        return OperatorActionPageResponse.from(page, next);
    }
}
