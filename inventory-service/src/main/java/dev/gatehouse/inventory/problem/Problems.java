package dev.gatehouse.inventory.problem;

import dev.gatehouse.inventory.input.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem where no controller runs: in the security filters and in the container's error page. */
@Component
public final class Problems {

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    /** 401 with the reason the caller may know. */
    public void unauthenticated(HttpServletRequest request, HttpServletResponse response, String detail)
            throws IOException {
        write(request, response, ProblemType.UNAUTHENTICATED, detail);
    }

    /** 403: the token is good and does not reach this far. */
    public void forbidden(HttpServletRequest request, HttpServletResponse response, String detail) throws IOException {
        write(request, response, ProblemType.FORBIDDEN, detail);
    }

    /** 400: the request's line or header is not one a client makes by accident. */
    public void malformed(HttpServletRequest request, HttpServletResponse response, String detail) throws IOException {
        write(request, response, ProblemType.MALFORMED_REQUEST, detail);
    }

    /** 503 with Retry-After: something this service needs does not answer. */
    public void unavailable(HttpServletRequest request, HttpServletResponse response, String detail)
            throws IOException {
        response.setHeader("Retry-After", "1");
        write(request, response, ProblemType.SERVICE_UNAVAILABLE, detail);
    }

    private void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        byte[] body = json.writeValueAsBytes(problem(request, type, detail, List.of()));
        response.setStatus(type.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static ProblemDetail problem(HttpServletRequest request, ProblemType type, String detail, List<FieldError> errors) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(type.status(), detail);
        problem.setType(type.uri());
        problem.setTitle(type.title());
        problem.setInstance(instance(request));
        if (!errors.isEmpty()) {
            problem.setProperty("errors", errors);
        }
        if (type.status().is5xxServerError() || request.getHeader("traceparent") != null) {
            problem.setProperty("traceId", TraceId.of(request));
        }
        return problem;
    }

    private static @Nullable URI instance(HttpServletRequest request) {
        // The raw path may hold what a URI may not; then the caller has to do without it.
        try {
            Object failed = request.getAttribute("jakarta.servlet.error.request_uri");
            return URI.create(failed instanceof String path ? path : request.getRequestURI());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
