package dev.gatehouse.billing.reconciliation.web;

import dev.gatehouse.billing.reconciliation.ReconciliationService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/operations/reconciliations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Reconciliations", description = "Orders, payments, ledger, provider and stock held against each other")
class ReconciliationController {

    private final ReconciliationService reconciliations;

    ReconciliationController(ReconciliationService reconciliations) {
        this.reconciliations = reconciliations;
    }

    @PostMapping
    @Operation(operationId = "reconcile", summary = "Compare now", description = """
                    Compares what changed within the window with the payment provider and the stock, and answers with \
                    the report. Nothing is changed. Orders and refunds that moved within the grace period are left for \
                    the next time. Needs the scope ops.""")
    @ApiResponse(responseCode = "200", description = "The report, with or without differences")
    @ApiResponse(responseCode = "409", description = "A comparison is under way.")
    ReconciliationResponse reconcile(@Parameter(hidden = true) Authentication authentication) {
        return ReconciliationResponse.from(reconciliations.reconcile(authentication.getName()));
    }

    @GetMapping
    @Operation(
            operationId = "listReconciliations",
            summary = "List the reports, newest first",
            description = "Without their differences. Kept for 30 days. Needs the scope ops.")
    @ApiResponse(responseCode = "200", description = "The reports")
    ReconciliationResponse.All list(
            @Parameter(description = "Most reports in the list") @RequestParam(defaultValue = "20") @Min(1) @Max(100)
                    int limit) {
        return ReconciliationResponse.All.from(reconciliations.newest(limit));
    }

    @GetMapping("/{id}")
    @Operation(
            operationId = "getReconciliation",
            summary = "Read a report",
            description = "With every difference. Needs the scope ops.")
    @ApiResponse(responseCode = "200", description = "The report")
    @ApiResponse(responseCode = "404", description = "There is no such report, or no longer.")
    ReconciliationResponse read(@PathVariable UUID id) {
        return ReconciliationResponse.from(reconciliations.report(id));
    }
}
