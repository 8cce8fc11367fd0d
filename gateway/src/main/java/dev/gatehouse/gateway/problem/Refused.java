package dev.gatehouse.gateway.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway answers this request itself, with a problem document (RFC 9457). */
public final class Refused extends RuntimeException {

    private final ProblemType type;
    private final String detail;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private boolean located = true;

    /** The detail is sent to the client: it names no host, no class and no secret. */
    public Refused(ProblemType type, String detail) {
        this(type, detail, null);
    }

    /** As above; the cause is for the log and is never sent. */
    public Refused(ProblemType type, String detail, @Nullable Throwable cause) {
        // A refusal is an ordinary answer: its stack trace would cost much and say nothing.
        super(type.slug() + ": " + detail, cause, false, false);
        this.type = type;
        this.detail = detail;
    }

    /** Adds a header to the answer, for example Retry-After. */
    public Refused with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Leaves the instance out: the request's path is unusable. */
    public Refused withoutInstance() {
        located = false;
        return this;
    }

    boolean isLocated() {
        return located;
    }

    public ProblemType type() {
        return type;
    }

    String detail() {
        return detail;
    }

    Map<String, String> headers() {
        return headers;
    }
}
