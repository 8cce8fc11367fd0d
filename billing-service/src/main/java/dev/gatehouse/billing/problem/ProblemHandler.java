package dev.gatehouse.billing.problem;

import dev.gatehouse.billing.cart.CartConflict;
import dev.gatehouse.billing.cart.CartUnavailable;
import dev.gatehouse.billing.idempotency.IdempotencyKeyInUse;
import dev.gatehouse.billing.idempotency.IdempotencyKeyMalformed;
import dev.gatehouse.billing.idempotency.IdempotencyKeyMissing;
import dev.gatehouse.billing.idempotency.IdempotencyKeyReused;
import dev.gatehouse.billing.input.BodyTooLarge;
import dev.gatehouse.billing.input.FieldProblem;
import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.input.Violations;
import dev.gatehouse.billing.inventory.FilmNotFound;
import dev.gatehouse.billing.inventory.InventoryUnavailable;
import dev.gatehouse.billing.order.CartEmpty;
import dev.gatehouse.billing.order.OrderNotCancellable;
import dev.gatehouse.billing.order.OrderNotFound;
import dev.gatehouse.billing.order.OrderNotParked;
import dev.gatehouse.billing.order.OrderNotRefundable;
import dev.gatehouse.billing.order.OrderNotSafeToGiveUp;
import dev.gatehouse.billing.order.ParkedMessageDecided;
import dev.gatehouse.billing.order.ParkedMessageNotFound;
import dev.gatehouse.billing.order.TooBusy;
import dev.gatehouse.billing.outbox.OutboxEntryNotFound;
import dev.gatehouse.billing.outbox.OutboxEntrySent;
import dev.gatehouse.billing.payment.EventRefused;
import dev.gatehouse.billing.payment.RefundExceedsPayment;
import dev.gatehouse.billing.payment.RefundNotFound;
import dev.gatehouse.billing.privacy.OrdersInFlight;
import dev.gatehouse.billing.reconciliation.ReconciliationFailed;
import dev.gatehouse.billing.reconciliation.ReconciliationNotFound;
import dev.gatehouse.billing.reconciliation.ReconciliationRunning;
import dev.gatehouse.billing.trace.Trace;
import jakarta.validation.ConstraintViolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns every exception that reaches the web into the one shape of a problem; nothing of an unexpected one but its
 * trace id leaves.
 */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String IDEMPOTENCY = "https://gatehouse.dev/docs/idempotency";

    @ExceptionHandler
    ResponseEntity<Object> invalid(InvalidRequest invalid) {
        return invalid(invalid.problems());
    }

    @ExceptionHandler
    ResponseEntity<Object> tooLarge(BodyTooLarge large) {
        ProblemDetail problem = ProblemType.PAYLOAD_TOO_LARGE.because(
                "The body may have " + large.limit().toBytes() + " bytes.");
        problem.setProperty("limit", large.limit().toBytes());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<Object> eventRefused(EventRefused refused) {
        ProblemType type = switch (refused.reason()) {
            case UNSIGNED, WRONG_SIGNATURE -> ProblemType.WEBHOOK_SIGNATURE_INVALID;
            case TOO_OLD, IN_THE_FUTURE -> ProblemType.WEBHOOK_OUT_OF_TIME;
            case TOO_LARGE -> ProblemType.PAYLOAD_TOO_LARGE;
            case NOT_JSON -> ProblemType.MALFORMED_REQUEST;
            case UNKNOWN_VERSION -> ProblemType.WEBHOOK_VERSION_UNKNOWN;
            case INCOMPLETE -> ProblemType.WEBHOOK_INCOMPLETE;
        };
        return answer(type.because(message(refused)));
    }

    @ExceptionHandler
    ResponseEntity<Object> keyMissing(IdempotencyKeyMissing missing) {
        return answer(ProblemType.IDEMPOTENCY_KEY_MISSING.because(message(missing)), describedBy(IDEMPOTENCY));
    }

    @ExceptionHandler
    ResponseEntity<Object> keyMalformed(IdempotencyKeyMalformed malformed) {
        return answer(ProblemType.IDEMPOTENCY_KEY_MALFORMED.because(message(malformed)), describedBy(IDEMPOTENCY));
    }

    @ExceptionHandler
    ResponseEntity<Object> keyReused(IdempotencyKeyReused reused) {
        return answer(ProblemType.IDEMPOTENCY_KEY_REUSED.because(message(reused)), describedBy(IDEMPOTENCY));
    }

    @ExceptionHandler
    ResponseEntity<Object> keyInUse(IdempotencyKeyInUse inUse) {
        HttpHeaders headers = describedBy(IDEMPOTENCY);
        headers.addAll(retryAfter(Duration.ofSeconds(1)));
        return answer(ProblemType.IDEMPOTENCY_KEY_IN_USE.because(message(inUse)), headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> cartEmpty(CartEmpty empty) {
        return answer(ProblemType.CART_EMPTY.because("The order names no lines and the cart holds none."));
    }

    @ExceptionHandler
    ResponseEntity<Object> orderNotFound(OrderNotFound unknown) {
        return answer(ProblemType.NOT_FOUND.because("There is no such order, or it is not yours."));
    }

    @ExceptionHandler
    ResponseEntity<Object> notCancellable(OrderNotCancellable late) {
        return answer(ProblemType.ORDER_NOT_CANCELLABLE.because(message(late)));
    }

    @ExceptionHandler
    ResponseEntity<Object> notRefundable(OrderNotRefundable early) {
        return answer(ProblemType.ORDER_NOT_REFUNDABLE.because(message(early)));
    }

    @ExceptionHandler
    ResponseEntity<Object> refundExceedsPayment(RefundExceedsPayment exceeding) {
        ProblemDetail problem = ProblemType.REFUND_EXCEEDS_PAYMENT.because(message(exceeding));
        problem.setProperty(
                "errors",
                List.of(new FieldProblem(
                        "amount.amountMinor",
                        "too-large",
                        "More than is left.",
                        exceeding.left().amountMinor())));
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<Object> refundNotFound(RefundNotFound unknown) {
        return answer(ProblemType.NOT_FOUND.because("The order has no such refund."));
    }

    @ExceptionHandler
    ResponseEntity<Object> notParked(OrderNotParked busy) {
        return answer(ProblemType.ORDER_NOT_PARKED.because(message(busy)));
    }

    @ExceptionHandler
    ResponseEntity<Object> notSafeToGiveUp(OrderNotSafeToGiveUp dangerous) {
        return answer(ProblemType.ORDER_NOT_SAFE_TO_GIVE_UP.because(message(dangerous)));
    }

    @ExceptionHandler({ParkedMessageNotFound.class, OutboxEntryNotFound.class})
    ResponseEntity<Object> messageNotFound(RuntimeException unknown) {
        return answer(ProblemType.NOT_FOUND.because(message(unknown)));
    }

    @ExceptionHandler
    ResponseEntity<Object> messageDecided(ParkedMessageDecided late) {
        return answer(ProblemType.MESSAGE_ALREADY_DECIDED.because(message(late)));
    }

    @ExceptionHandler
    ResponseEntity<Object> ordersInFlight(OrdersInFlight early) {
        return answer(ProblemType.ORDERS_IN_FLIGHT.because(message(early)));
    }

    @ExceptionHandler
    ResponseEntity<Object> messageSent(OutboxEntrySent late) {
        return answer(ProblemType.MESSAGE_ALREADY_SENT.because(message(late)));
    }

    @ExceptionHandler
    ResponseEntity<Object> reconciliationNotFound(ReconciliationNotFound unknown) {
        return answer(ProblemType.NOT_FOUND.because("There is no such reconciliation, or no longer."));
    }

    @ExceptionHandler
    ResponseEntity<Object> reconciliationRunning(ReconciliationRunning running) {
        return answer(ProblemType.RECONCILIATION_RUNNING.because(message(running)), retryAfter(Duration.ofSeconds(5)));
    }

    @ExceptionHandler
    ResponseEntity<Object> reconciliationFailed(ReconciliationFailed failed) {
        return unavailable(message(failed), Duration.ofSeconds(30));
    }

    @ExceptionHandler
    ResponseEntity<Object> cartConflict(CartConflict conflict) {
        return answer(ProblemType.CONFLICT.because(message(conflict)));
    }

    @ExceptionHandler
    ResponseEntity<Object> filmNotFound(FilmNotFound unknown) {
        return answer(ProblemType.NOT_FOUND.because("There is no such film."));
    }

    @ExceptionHandler
    ResponseEntity<Object> tooBusy(TooBusy busy) {
        return unavailable(message(busy), Duration.ofSeconds(1));
    }

    @ExceptionHandler
    ResponseEntity<Object> cartUnavailable(CartUnavailable down) {
        return unavailable("Carts are not available at the moment.", Duration.ofSeconds(2));
    }

    @ExceptionHandler
    ResponseEntity<Object> inventoryUnavailable(InventoryUnavailable down) {
        return unavailable("The catalogue does not answer at the moment.", down.retryAfter());
    }

    /**
     * The database is away, overloaded or slow: whether the request had an effect is unknown, and an idempotent repeat
     * tells.
     */
    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        QueryTimeoutException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> storeUnavailable(RuntimeException down) {
        log.warn("The database does not answer: {}", down.toString());
        return unavailable("Orders are not available at the moment.", Duration.ofSeconds(2));
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception unexpected) {
        log.error("Unexpected error", unexpected);
        return answer(ProblemType.INTERNAL_ERROR.because("The error was logged under the trace id."));
    }

    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return invalid(
                invalid.getFieldErrors().stream().map(ProblemHandler::describe).toList());
    }

    @Override
    protected ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldProblem> problems = new ArrayList<>();
        for (var result : invalid.getParameterValidationResults()) {
            String name = String.valueOf(result.getMethodParameter().getParameterName());
            for (var error : result.getResolvableErrors()) {
                problems.add(
                        error instanceof FieldError field
                                ? describe(field)
                                : Violations.describe(name, result.unwrap(error, ConstraintViolation.class)));
            }
        }
        return invalid(problems);
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = mismatch instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(mismatch.getPropertyName());
        return invalid(List.of(FieldProblem.wrongType(name, mismatch.getRequiredType())));
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return invalid(List.of(new FieldProblem(missing.getParameterName(), "required", "Must be given.")));
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(ProblemType.MALFORMED_REQUEST.because("The body is missing or is not one JSON document."));
    }

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (status.is5xxServerError()) {
            log.error("Unexpected error", exception);
        }
        String detail = status.is5xxServerError() || !(body instanceof ProblemDetail given) || given.getDetail() == null
                ? ProblemType.of(status).because("").getTitle() + "."
                : given.getDetail();
        ProblemDetail problem = ProblemType.of(status).because(detail);
        problem.setStatus(status.value());
        return answer(problem, headers);
    }

    private static ResponseEntity<Object> unavailable(String detail, Duration retryAfter) {
        return answer(ProblemType.SERVICE_UNAVAILABLE.because(detail), retryAfter(retryAfter));
    }

    private static ResponseEntity<Object> invalid(List<FieldProblem> problems) {
        ProblemDetail problem = ProblemType.INVALID_REQUEST.because(
                problems.size() == 1 ? "One field breaks a rule." : problems.size() + " fields break a rule.");
        problem.setProperty("errors", problems);
        return answer(problem);
    }

    private static ResponseEntity<Object> answer(ProblemDetail problem) {
        return answer(problem, HttpHeaders.EMPTY);
    }

    private static ResponseEntity<Object> answer(ProblemDetail problem, HttpHeaders headers) {
        Trace.currentId().ifPresent(id -> problem.setProperty("traceId", id));
        return ResponseEntity.status(problem.getStatus()).headers(headers).body(problem);
    }

    /** Names the page that says how the operation is meant to be used (RFC 8288). */
    private static HttpHeaders describedBy(String page) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.LINK, "<" + page + ">; rel=\"describedby\"");
        return headers;
    }

    private static HttpHeaders retryAfter(Duration time) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, time.toSeconds())));
        return headers;
    }

    private static FieldProblem describe(FieldError error) {
        return error.contains(ConstraintViolation.class)
                ? Violations.describe(error.getField(), error.unwrap(ConstraintViolation.class))
                : new FieldProblem(error.getField(), "wrong-type", "Has the wrong type.");
    }

    private static String message(Exception exception) {
        return String.valueOf(exception.getMessage());
    }
}
