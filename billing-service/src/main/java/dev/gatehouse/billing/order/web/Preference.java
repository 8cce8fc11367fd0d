package dev.gatehouse.billing.order.web;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The preference {@code wait} of the header {@code Prefer} (RFC 7240 section 4.3): how long the client would rather
 * wait for the outcome than be answered
 * before it. What cannot be understood is no preference; the RFC forbids to fail on it.
 */
record Preference(Duration atMost) {

    static final String HEADER = "Prefer";
    static final String APPLIED = "Preference-Applied";

    private static final Duration MAX = Duration.ofSeconds(30);
    private static final Pattern WAIT =
            Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    /** The first one counts, as the RFC says; more than 30 seconds are 30. */
    static Optional<Preference> of(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Pattern.compile(",").splitAsStream(header))
                .map(WAIT::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(match -> Duration.ofSeconds(Long.parseLong(match.group(1))))
                .map(asked -> new Preference(asked.compareTo(MAX) > 0 ? MAX : asked));
    }

    /** The value of {@code Preference-Applied}. */
    String applied() {
        return "wait=" + atMost.toSeconds();
    }
}
