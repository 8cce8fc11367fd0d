package dev.gatehouse.gateway.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/** A problem document as RFC 9457 section 3 describes it, with the trace id to quote when asking for help. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "traceId"})
record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        @Nullable String traceId) {

    static ProblemDocument of(Refused refused, @Nullable String instance, @Nullable String traceId) {
        ProblemType type = refused.type();
        return new ProblemDocument(
                type.uri(), type.title(), type.status().value(), refused.detail(), instance, traceId);
    }
}
