package dev.gatehouse.inventory.problem;

import dev.gatehouse.inventory.catalogue.FilmChangedMeanwhile;
import dev.gatehouse.inventory.catalogue.FilmNotFound;
import dev.gatehouse.inventory.catalogue.imports.ImportInterrupted;
import dev.gatehouse.inventory.catalogue.web.PreconditionMissing;
import dev.gatehouse.inventory.input.FieldError;
import dev.gatehouse.inventory.input.InvalidInput;
import dev.gatehouse.inventory.input.PayloadTooLarge;
import dev.gatehouse.inventory.stock.AdjustmentConflict;
import dev.gatehouse.inventory.stock.FilmReserved;
import dev.gatehouse.inventory.stock.InsufficientStock;
import dev.gatehouse.inventory.stock.ReservationConflict;
import dev.gatehouse.inventory.stock.ReservationNotFound;
import dev.gatehouse.inventory.stock.UnknownFilm;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns every exception into a problem; what nobody foresaw says nothing but the id its log line has. */
@RestControllerAdvice
final class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    /** PostgreSQL's foreign_key_violation and unique_violation. */
    private static final Set<String> KEY_RACES = Set.of("23503", "23505");

    @ExceptionHandler
    ResponseEntity<Object> on(InvalidInput e, HttpServletRequest request) {
        return answer(
                request,
                ProblemType.INVALID_REQUEST,
                "Fields that are wrong: " + e.errors().size(),
                e.errors());
    }

    @ExceptionHandler
    ResponseEntity<Object> on(FilmNotFound e, HttpServletRequest request) {
        return answer(request, ProblemType.NOT_FOUND, message(e));
    }

    @ExceptionHandler
    ResponseEntity<Object> on(ReservationNotFound e, HttpServletRequest request) {
        return answer(request, ProblemType.NOT_FOUND, message(e));
    }

    @ExceptionHandler
    ResponseEntity<Object> on(FilmChangedMeanwhile e, HttpServletRequest request) {
        return answer(request, ProblemType.PRECONDITION_FAILED, message(e));
    }

    /** Two changes of the same version at once: the precondition held when it was looked at, and then it did not. */
    @ExceptionHandler
    ResponseEntity<Object> on(OptimisticLockingFailureException e, HttpServletRequest request) {
        return answer(request, ProblemType.PRECONDITION_FAILED, "It was changed at the same moment");
    }

    @ExceptionHandler
    ResponseEntity<Object> on(PreconditionMissing e, HttpServletRequest request) {
        return answer(
                request,
                ProblemType.PRECONDITION_REQUIRED,
                "Send If-Match with the ETag of the version you know, or * for whichever there is");
    }

    @ExceptionHandler({AdjustmentConflict.class, FilmReserved.class, ReservationConflict.class})
    ResponseEntity<Object> onConflict(RuntimeException e, HttpServletRequest request) {
        return answer(request, ProblemType.CONFLICT, message(e));
    }

    /**
     * Two transactions met at a key: one came first, and the other may simply come again. Never 409, which a caller takes
     * for an answer about the thing itself. Any other broken constraint is a mistake of ours.
     */
    @ExceptionHandler
    ResponseEntity<Object> on(DataIntegrityViolationException e, HttpServletRequest request) {
        if (NestedExceptionUtils.getRootCause(e) instanceof SQLException sql
                && KEY_RACES.contains(String.valueOf(sql.getSQLState()))) {
            return unavailable(request, e, "Another request changed what this one needs; nothing was changed");
        }
        return onUnforeseen(e, request);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(InsufficientStock e, HttpServletRequest request) {
        List<FieldError> errors = e.shortages().stream()
                .map(shortage -> new FieldError(
                        shortage.field(),
                        "insufficient-stock",
                        "asks for " + shortage.asked() + " of film " + shortage.filmId() + ", available are "
                                + shortage.available(),
                        shortage.available()))
                .toList();
        return answer(request, ProblemType.INSUFFICIENT_STOCK, "Nothing was changed", errors);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(UnknownFilm e, HttpServletRequest request) {
        List<FieldError> errors = e.lines().stream()
                .map(line -> new FieldError(line.field(), "unknown-film", "There is no film " + line.filmId()))
                .toList();
        return answer(request, ProblemType.UNKNOWN_FILM, "Nothing was held", errors);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(PayloadTooLarge e, HttpServletRequest request) {
        return tooLarge(request, e, "");
    }

    @ExceptionHandler
    ResponseEntity<Object> on(ImportInterrupted e, HttpServletRequest request) {
        String done = "; before that, " + e.report().created() + " films were created and "
                + e.report().updated() + " changed, and they stay";
        return e.getCause() instanceof PayloadTooLarge cause
                ? tooLarge(request, cause, done)
                : unavailable(request, e, "The database is busy or away" + done);
    }

    private static ResponseEntity<Object> tooLarge(HttpServletRequest request, PayloadTooLarge e, String more) {
        return answer(request, ProblemType.PAYLOAD_TOO_LARGE, "The body may have " + e.maxBytes() + " bytes" + more);
    }

    /** No connection in time, a lock or a statement that took too long, a database that went away. */
    @ExceptionHandler({
        TransientDataAccessException.class,
        DataAccessResourceFailureException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> onUnavailable(RuntimeException e, HttpServletRequest request) {
        return unavailable(request, e, "The database is busy or away; nothing was changed");
    }

    private static ResponseEntity<Object> unavailable(HttpServletRequest request, Exception e, String detail) {
        log.warn("trace={} {} {}: {}", TraceId.of(request), request.getMethod(), request.getRequestURI(), e.toString());
        ProblemDetail problem = Problems.problem(request, ProblemType.SERVICE_UNAVAILABLE, detail, List.of());
        return ResponseEntity.status(problem.getStatus())
                .header(HttpHeaders.RETRY_AFTER, "1")
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    /** A percent sign without its two digits, or bytes that are not UTF-8. */
    @ExceptionHandler
    ResponseEntity<Object> on(InvalidParameterException e, HttpServletRequest request) {
        return answer(request, ProblemType.MALFORMED_REQUEST, "The query string is not UTF-8 in percent-encoding");
    }

    /** Nobody is there to read an answer. */
    @ExceptionHandler
    void on(ClientAbortException e, HttpServletRequest request) {
        log.info("client left {} {}", request.getMethod(), request.getRequestURI());
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> on(Exception e, HttpServletRequest request) {
        if (e instanceof IOException && e.getCause() instanceof ClientAbortException) {
            return null;
        }
        return onUnforeseen(e, request);
    }

    private static ResponseEntity<Object> onUnforeseen(Exception e, HttpServletRequest request) {
        log.error("trace={} {} {}", TraceId.of(request), request.getMethod(), request.getRequestURI(), e);
        return answer(request, ProblemType.INTERNAL_ERROR, "Quote the trace id when you report this");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest webRequest) {
        HttpServletRequest request = ((ServletWebRequest) webRequest).getRequest();
        if (NestedExceptionUtils.getRootCause(e) instanceof PayloadTooLarge tooLarge) {
            return tooLarge(request, tooLarge, "");
        }
        if (e instanceof MethodArgumentTypeMismatchException mismatch) {
            return answer(
                    request,
                    ProblemType.INVALID_REQUEST,
                    "Fields that are wrong: 1",
                    List.of(new FieldError(mismatch.getName(), "malformed", "must be a UUID")));
        }
        ProblemType type = ProblemType.of(status);
        if (type == ProblemType.INTERNAL_ERROR) {
            log.error("trace={} {} {}", TraceId.of(request), request.getMethod(), request.getRequestURI(), e);
        }
        ProblemDetail problem = Problems.problem(request, type, detail(e, type), List.of());
        return ResponseEntity.status(type.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static String detail(Exception e, ProblemType type) {
        if (e instanceof HttpMessageNotReadableException) {
            return e.getCause() instanceof JacksonException json && json.getLocation() != null
                    ? "The body is not JSON from line " + json.getLocation().getLineNr() + ", column "
                            + json.getLocation().getColumnNr() + " on"
                    : "The body is absent or is not JSON";
        }
        if (e instanceof HttpMediaTypeNotSupportedException media) {
            return "Taken are: " + media.getSupportedMediaTypes();
        }
        return type.title();
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }

    private static ResponseEntity<Object> answer(HttpServletRequest request, ProblemType type, String detail) {
        return answer(request, type, detail, List.of());
    }

    private static ResponseEntity<Object> answer(
            HttpServletRequest request, ProblemType type, String detail, List<FieldError> errors) {
        return ResponseEntity.status(type.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(Problems.problem(request, type, detail, errors));
    }
}
