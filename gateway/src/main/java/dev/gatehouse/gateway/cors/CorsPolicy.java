package dev.gatehouse.gateway.cors;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The decision of the Fetch standard's CORS protocol for one set of origins. Credentials mode is never allowed: callers
 * are known by their bearer token, not by cookies.
 */
final class CorsPolicy {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> FORBIDDEN_METHODS = Set.of("CONNECT", "TRACE", "TRACK");
    // Browsers send these without listing them.
    private static final Set<String> SAFELISTED_METHODS = Set.of("GET", "HEAD", "POST");
    // Those a script may never set (Fetch, forbidden request-header), shortened to what someone might try.
    private static final Set<String> FORBIDDEN_REQUEST_HEADERS = Set.of(
            "accept-charset",
            "accept-encoding",
            "access-control-request-headers",
            "access-control-request-method",
            "connection",
            "content-length",
            "cookie",
            "cookie2",
            "date",
            "dnt",
            "expect",
            "host",
            "keep-alive",
            "origin",
            "referer",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via");
    private static final Duration LONGEST_MAX_AGE = Duration.ofDays(1);
    // Bounds the work for one preflight; a browser lists each header once.
    private static final int MOST_REQUESTED_HEADERS = 64;

    private final Set<String> origins;
    private final Set<String> methods;
    private final Set<String> headers;
    private final String methodsLine;
    private final String headersLine;
    private final String exposedLine;
    private final String maxAgeLine;

    CorsPolicy(CorsProperties properties) {
        this.origins = Set.copyOf(properties.allowedOrigins());
        this.methods = Set.copyOf(properties.allowedMethods());
        this.headers = lowerCase(properties.allowedHeaders());
        this.methodsLine = String.join(", ", properties.allowedMethods());
        this.headersLine = String.join(", ", new TreeSet<>(headers));
        this.exposedLine = String.join(", ", properties.exposedHeaders());
        this.maxAgeLine = Long.toString(properties.maxAge().toSeconds());
    }

    static void check(
            List<String> origins, List<String> methods, List<String> headers, List<String> exposed, Duration maxAge) {
        origins.forEach(AllowedOrigin::new);
        for (String method : methods) {
            require(isToken(method), "allowed method \"" + method + "\" is not a method name");
            require(!method.equals("*"), "allowed methods: list each method instead of *");
            require(
                    !FORBIDDEN_METHODS.contains(method.toUpperCase(Locale.ROOT)),
                    "allowed method \"" + method + "\" cannot be sent by a page");
            require(
                    method.equals(method.toUpperCase(Locale.ROOT)),
                    "allowed method \"" + method + "\" must be upper case: methods are case-sensitive");
        }
        for (String header : headers) {
            String name = header.toLowerCase(Locale.ROOT);
            require(isToken(header), "allowed header \"" + header + "\" is not a header name");
            require(!name.equals("*"), "allowed headers: list each header instead of *");
            require(
                    !FORBIDDEN_REQUEST_HEADERS.contains(name) && !name.startsWith("sec-") && !name.startsWith("proxy-"),
                    "allowed header \"" + header + "\" cannot be set by a page");
            require(
                    !name.startsWith("access-control-"),
                    "allowed header \"" + header + "\" belongs to the CORS protocol itself");
        }
        for (String header : exposed) {
            String name = header.toLowerCase(Locale.ROOT);
            require(isToken(header), "exposed header \"" + header + "\" is not a header name");
            require(!name.equals("*"), "exposed headers: list each header instead of *");
            require(
                    !name.equals("set-cookie") && !name.equals("set-cookie2"),
                    "exposed header \"" + header + "\" can never be read by a script");
        }
        require(
                !maxAge.isNegative() && maxAge.compareTo(LONGEST_MAX_AGE) <= 0,
                "max age " + maxAge + " must be 0 to 24 hours");
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(complaint);
        }
    }

    private static boolean isToken(String value) {
        return TOKEN.matcher(value).matches();
    }

    private static Set<String> lowerCase(Collection<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether this is the one Origin value, in one line, of an allowed origin. */
    boolean allows(List<String> originLines) {
        return originLines.size() == 1 && origins.contains(originLines.getFirst());
    }

    /** Says why a preflight from an allowed origin fails; null if it succeeds. */
    @Nullable
    String preflightComplaint(List<String> methodLines, List<String> headerLines) {
        String method = methodLines.size() == 1 ? methodLines.getFirst() : "";
        if (!methods.contains(method) && !SAFELISTED_METHODS.contains(method)) {
            return "The CORS policy does not allow this method.";
        }
        int requested = 0;
        for (String line : headerLines) {
            for (String element : line.split(",", MOST_REQUESTED_HEADERS + 1)) {
                String name = element.strip().toLowerCase(Locale.ROOT);
                // Empty elements are legal in a list (RFC 9110 section 5.6.1).
                if (++requested > MOST_REQUESTED_HEADERS || (!name.isEmpty() && !headers.contains(name))) {
                    return "The CORS policy does not allow one of these headers. It allows " + headersLine + ".";
                }
            }
        }
        return null;
    }

    void writePreflight(HttpHeaders response) {
        response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methodsLine);
        response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headersLine);
        response.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, maxAgeLine);
    }

    void writeExposed(HttpHeaders response) {
        response.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, exposedLine);
    }
}
