package dev.gatehouse.billing.problem;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Every kind of error a client can meet here; the type's address is stable and documented, its texts are not. */
enum ProblemType {
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The body cannot be read"),
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request breaks a rule"),
    IDEMPOTENCY_KEY_MISSING(HttpStatus.BAD_REQUEST, "An Idempotency-Key is required"),
    IDEMPOTENCY_KEY_MALFORMED(HttpStatus.BAD_REQUEST, "The Idempotency-Key is not a quoted string"),
    WEBHOOK_SIGNATURE_INVALID(HttpStatus.BAD_REQUEST, "The webhook is not signed by the payment provider"),
    WEBHOOK_OUT_OF_TIME(HttpStatus.BAD_REQUEST, "The webhook was not signed just now"),
    WEBHOOK_VERSION_UNKNOWN(HttpStatus.BAD_REQUEST, "The webhook is of a version that is not read here"),
    WEBHOOK_INCOMPLETE(HttpStatus.BAD_REQUEST, "The webhook lacks a part"),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "A valid access token is required"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "The token does not allow this"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such thing"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The resource has no such method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No acceptable form"),
    CONFLICT(HttpStatus.CONFLICT, "The present state does not allow this"),
    ORDER_NOT_CANCELLABLE(HttpStatus.CONFLICT, "The order can no longer be cancelled"),
    ORDER_NOT_REFUNDABLE(HttpStatus.CONFLICT, "The order cannot be refunded"),
    REFUND_EXCEEDS_PAYMENT(HttpStatus.CONFLICT, "Less is left of the payment"),
    ORDER_NOT_PARKED(HttpStatus.CONFLICT, "The order is not parked"),
    ORDER_NOT_SAFE_TO_GIVE_UP(HttpStatus.CONFLICT, "Giving the order up could lose stock or money"),
    MESSAGE_ALREADY_DECIDED(HttpStatus.CONFLICT, "The message was replayed or discarded before"),
    MESSAGE_ALREADY_SENT(HttpStatus.CONFLICT, "The broker has the message"),
    ORDERS_IN_FLIGHT(HttpStatus.CONFLICT, "Orders are not final yet"),
    RECONCILIATION_RUNNING(HttpStatus.CONFLICT, "A reconciliation is under way"),
    IDEMPOTENCY_KEY_IN_USE(HttpStatus.CONFLICT, "The first request with this key is still running"),
    PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported"),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The key was used with another request"),
    CART_EMPTY(HttpStatus.UNPROCESSABLE_CONTENT, "The cart is empty"),
    UNKNOWN_FILM(HttpStatus.CONFLICT, "There is no such film"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong here"),
    SERVICE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Not available at the moment");

    private static final String BASE = "https://gatehouse.dev/problems/";

    private final HttpStatus status;
    private final String title;

    ProblemType(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    ProblemDetail because(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(
                URI.create(BASE + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')));
        problem.setTitle(title);
        return problem;
    }

    HttpStatus status() {
        return status;
    }

    /** The type for an error that only has a status, as those of the framework do. */
    static ProblemType of(HttpStatusCode status) {
        return switch (status.value()) {
            case 400 -> INVALID_REQUEST;
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 409 -> CONFLICT;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> SERVICE_UNAVAILABLE;
            default -> status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }
}
