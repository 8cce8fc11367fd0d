package dev.gatehouse.gateway.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * The issuer's public keys, found by OpenID Connect discovery at the first token and kept. Known keys go on working
 * while the issuer is away; an unknown key id causes at most one fetch per retry interval, whoever asks.
 */
final class IssuerKeys {

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    private final String issuer;
    private final IdentityProperties settings;
    private final HttpClient http;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Mono<JWKSet>> running = new AtomicReference<>();

    private volatile @Nullable Kept kept;
    private volatile @Nullable Failure lastFailure;

    IssuerKeys(String issuer, IdentityProperties settings, HttpClient http, InstantSource clock) {
        this.issuer = issuer;
        this.settings = settings;
        this.http = http.responseTimeout(settings.fetchTimeout());
        this.clock = clock;
    }

    /** The keys that may have signed this token; empty if there is none. */
    Flux<JWK> forToken(SignedJWT token) {
        JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(token.getHeader()));
        Kept current = kept;
        Instant now = clock.instant();
        if (current == null || isOlder(current.since(), settings.keyLifetime(), now)) {
            return fetchUnlessJustFailed(now).flatMapIterable(selector::select);
        }
        List<JWK> known = selector.select(current.keys());
        if (!known.isEmpty()) {
            if (isOlder(current.since(), settings.keyRefresh(), now) && mayFetch(now)) {
                fetch().subscribe(keys -> {}, failure -> {});
            }
            return Flux.fromIterable(known);
        }
        if (!isOlder(current.since(), settings.keyRetry(), now)) {
            return Flux.empty();
        }
        return fetchUnlessJustFailed(now).flatMapIterable(selector::select);
    }

    private Mono<JWKSet> fetchUnlessJustFailed(Instant now) {
        Failure failure = lastFailure;
        return failure == null || mayFetch(now)
                ? fetch()
                : Mono.error(new IssuerUnavailable("The last attempt failed", failure.cause()));
    }

    private boolean mayFetch(Instant now) {
        Failure failure = lastFailure;
        return failure == null || isOlder(failure.at(), settings.keyRetry(), now);
    }

    /** Joins the fetch that is running, if there is one. */
    private Mono<JWKSet> fetch() {
        return Mono.defer(() -> {
            Mono<JWKSet> started = Mono.defer(this::discover)
                    .flatMap(this::load)
                    .timeout(settings.fetchTimeout().multipliedBy(2))
                    .onErrorMap(failure -> new IssuerUnavailable("No keys from " + issuer, failure))
                    .doOnNext(this::keep)
                    .doOnError(this::noteFailure)
                    // Before the result is seen: whoever asks next must not join what has ended.
                    .doOnTerminate(() -> running.set(null))
                    .cache();
            Mono<JWKSet> winner = running.compareAndExchange(null, started);
            return winner == null ? started : winner;
        });
    }

    private Mono<String> discover() {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return get(base + DISCOVERY).map(body -> {
            try {
                Map<String, Object> document = JSONObjectUtils.parse(body);
                if (!issuer.equals(JSONObjectUtils.getString(document, "issuer"))) {
                    throw new IllegalStateException("The discovery document names another issuer");
                }
                String location = JSONObjectUtils.getString(document, "jwks_uri");
                if (location == null) {
                    throw new IllegalStateException("The discovery document has no jwks_uri");
                }
                return location;
            } catch (ParseException e) {
                throw new IllegalStateException("The discovery document is not JSON", e);
            }
        });
    }

    private Mono<JWKSet> load(String location) {
        return get(location).map(body -> {
            try {
                return JWKSet.parse(body);
            } catch (ParseException e) {
                throw new IllegalStateException("The key document is not a JWK set", e);
            }
        });
    }

    private Mono<String> get(String location) {
        return http.get()
                .uri(location)
                .responseSingle((response, body) -> response.status().code() == 200
                        ? body.asString()
                        : Mono.error(new IllegalStateException(
                                "Status " + response.status().code() + " from " + location)));
    }

    private void keep(JWKSet keys) {
        kept = new Kept(keys, clock.instant());
        lastFailure = null;
    }

    private void noteFailure(Throwable failure) {
        lastFailure = new Failure(clock.instant(), failure);
        log.warn("The issuer's keys could not be fetched: {}", String.valueOf(failure.getCause()));
    }

    private static boolean isOlder(Instant since, Duration age, Instant now) {
        return since.plus(age).isBefore(now);
    }

    private record Kept(JWKSet keys, Instant since) {}

    private record Failure(Instant at, Throwable cause) {}
}
