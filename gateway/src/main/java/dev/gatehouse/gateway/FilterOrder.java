package dev.gatehouse.gateway;

import org.springframework.core.Ordered;

/** The one list of filter positions, in the order a request meets them. */
public final class FilterOrder {

    // Edge filters: every request of the public port, routed or not.

    /** Outermost, so that the access line has the final status of every request. */
    public static final int TRACE = -1_000;

    /** Outside all that may fail: turns failures into problem documents. */
    public static final int PROBLEM = -900;

    /** Before every decision, so that a refusal carries the security headers too. */
    public static final int RESPONSE_HEADERS = -800;

    /** Before every other decision, so that a page can read the refusals that follow. Preflights end here. */
    public static final int CORS = -700;

    /** Before anything looks at the path. */
    public static final int TARGET = -600;

    /** Only for the pages of the API document. */
    public static final int PAGE_POLICY = -500;

    /** Spring Security's place, fixed by the framework: the token is validated here, if there is one. */
    public static final int SECURITY = -100;

    /** After the token is validated: notes who is calling. */
    public static final int CALLER = -50;

    // Gateway filters: requests that matched a route.

    /** Who may use the route; before a byte of the body is read. */
    public static final int ROUTE_ACCESS = -500;

    /** Outside the framework's response writer (-1), so that failures while relaying are seen. */
    public static final int UPSTREAM_FAILURES = -400;

    /** Counts the request body on its way to the upstream. */
    public static final int BODY_LIMIT = -300;

    /** Inside the framework's response writer (-1): what is tried again has no answer yet. Inside all that a route adds, too. */
    public static final int RETRY = 9_000;

    /** In place of the framework's filter of this position, which would reorder the query. */
    public static final int UPSTREAM_URL = 10_000;

    // Header filters: run when the upstream request is written.

    /** After the framework has removed what the client's Connection header names. */
    public static final int UPSTREAM_HEADERS = Ordered.LOWEST_PRECEDENCE;

    private FilterOrder() {}
}
