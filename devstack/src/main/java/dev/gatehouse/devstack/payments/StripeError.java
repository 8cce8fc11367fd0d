package dev.gatehouse.devstack.payments;

import org.jspecify.annotations.Nullable;

/** An error answer of the provider: the HTTP status and the members of Stripe's {@code error} object. */
final class StripeError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;
    private final boolean saved;

    private StripeError(
            int status, String type, @Nullable String code, @Nullable String param, String message, boolean saved) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.saved = saved;
    }

    /** A parameter that is missing, unknown or wrong: the operation has not begun, so a key remembers nothing. */
    static StripeError invalid(@Nullable String code, @Nullable String param, String message) {
        return new StripeError(400, "invalid_request_error", code, param, message, false);
    }

    /** The state of the object forbids the operation: it had begun, so the key remembers this answer. */
    static StripeError refused(String code, String message) {
        return new StripeError(400, "invalid_request_error", code, null, message, true);
    }

    static StripeError unauthorized(String message) {
        return new StripeError(401, "invalid_request_error", null, null, message, false);
    }

    static StripeError missing(String object, String id) {
        return new StripeError(
                404, "invalid_request_error", "resource_missing", "id", "No such " + object + ": '" + id + "'", false);
    }

    static StripeError unknownUrl(String method, String path) {
        return new StripeError(
                404,
                "invalid_request_error",
                null,
                null,
                "Unrecognized request URL (" + method + ": " + path + ").",
                false);
    }

    static StripeError keyReused(String key) {
        return new StripeError(
                400,
                "idempotency_error",
                null,
                null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
                        + " Try using a key other than '" + key + "' if you meant to execute a different request.",
                false);
    }

    static StripeError keyInUse(String key) {
        return new StripeError(
                409,
                "idempotency_error",
                "idempotency_key_in_use",
                null,
                "There is currently another in-progress request using this idempotency key: " + key,
                false);
    }

    static StripeError rateLimit() {
        return new StripeError(429, "invalid_request_error", "rate_limit", null, "Request rate limit exceeded.", false);
    }

    static StripeError internal() {
        return new StripeError(500, "api_error", null, null, "An unknown error occurred.", false);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    @Nullable
    String code() {
        return code;
    }

    @Nullable
    String param() {
        return param;
    }

    boolean saved() {
        return saved;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
