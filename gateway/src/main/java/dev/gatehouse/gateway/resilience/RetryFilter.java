package dev.gatehouse.gateway.resilience;

import dev.gatehouse.gateway.FilterOrder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * Sends a request again whose connection ended before an answer, or that a stopping service turned away: one of an
 * idempotent method (RFC 9110, section 9.2.2), or one with an {@code Idempotency-Key}, which the service carries out once. What
 * was late is not repeated: its caller has waited long enough.
 */
@Component
class RetryFilter implements GlobalFilter, Ordered {

    private static final Logger log = LoggerFactory.getLogger(RetryFilter.class);
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);
    private static final String KEY = "Idempotency-Key";

    private final RetryProperties settings;
    private final MeterRegistry meters;
    private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

    RetryFilter(RetryProperties settings, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
    }

    @Override
    public int getOrder() {
        return FilterOrder.RETRY;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        RetryBudget budget = budget(exchange);
        budget.earn();
        if (settings.attempts() == 0 || !repeatable(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        return kept(exchange.getRequest())
                .flatMap(body -> attempt(withBody(exchange, body), chain, budget, settings.attempts()));
    }

    private Mono<Void> attempt(ServerWebExchange exchange, GatewayFilterChain chain, RetryBudget budget, int left) {
        return chain.filter(exchange)
                .then(Mono.fromSupplier(() -> turnedAway(exchange) && allowed(exchange, budget, left)))
                .onErrorResume(
                        RetryFilter::brokenOff,
                        failure -> allowed(exchange, budget, left) ? Mono.just(true) : Mono.error(failure))
                // Outside of what is resumed above: a repeat's own failure is that repeat's to handle.
                .flatMap(repeat -> repeat ? again(exchange, chain, budget, left) : Mono.empty());
    }

    private Mono<Void> again(ServerWebExchange exchange, GatewayFilterChain chain, RetryBudget budget, int left) {
        Connection connection = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
        if (connection != null) {
            connection.dispose();
            exchange.getAttributes().remove(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
        }
        ServerWebExchangeUtils.reset(exchange);
        return Mono.delay(pause(settings.attempts() - left))
                .then(Mono.defer(() -> attempt(exchange, chain, budget, left - 1)));
    }

    private boolean allowed(ServerWebExchange exchange, RetryBudget budget, int left) {
        String outcome = left == 0 ? "exhausted" : budget.spend() ? "repeated" : "over-budget";
        meters.counter("gateway.retries", "route", route(exchange).getId(), "outcome", outcome)
                .increment();
        if (!outcome.equals("repeated")) {
            log.warn(
                    "Route {} failed and is not tried again: {}",
                    route(exchange).getId(),
                    outcome);
        }
        return outcome.equals("repeated");
    }

    /** Refused, reset or closed before the answer. */
    private static boolean brokenOff(Throwable failure) {
        return failure instanceof IOException && !(failure instanceof ConnectTimeoutException);
    }

    /** A stopping web server's answer to what it has not begun; a service that is merely full says when to come back. */
    private static boolean turnedAway(ServerWebExchange exchange) {
        return exchange.getResponse().getStatusCode() == HttpStatus.SERVICE_UNAVAILABLE
                && !exchange.getResponse().getHeaders().containsHeader(HttpHeaders.RETRY_AFTER);
    }

    private boolean repeatable(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return (IDEMPOTENT.contains(request.getMethod()) || headers.containsHeader(KEY))
                && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)
                && headers.getContentLength() <= settings.maxBody().toBytes();
    }

    /** The whole body, empty for none. */
    private static Mono<byte[]> kept(ServerHttpRequest request) {
        return DataBufferUtils.join(request.getBody())
                .map(buffer -> {
                    byte[] bytes = new byte[buffer.readableByteCount()];
                    buffer.read(bytes);
                    DataBufferUtils.release(buffer);
                    return bytes;
                })
                .defaultIfEmpty(new byte[0]);
    }

    private static ServerWebExchange withBody(ServerWebExchange exchange, byte[] body) {
        return exchange.mutate()
                .request(new ServerHttpRequestDecorator(exchange.getRequest()) {
                    @Override
                    public Flux<DataBuffer> getBody() {
                        return body.length == 0
                                ? Flux.empty()
                                : Flux.defer(() -> Flux.just(
                                        exchange.getResponse().bufferFactory().wrap(body)));
                    }
                })
                .build();
    }

    private RetryBudget budget(ServerWebExchange exchange) {
        return budgets.computeIfAbsent(
                route(exchange).getUri().getAuthority(),
                service -> new RetryBudget(settings.share(), settings.reserve()));
    }

    private Duration pause(int repeated) {
        long usual = settings.pause().toMillis() << (2 * repeated);
        return Duration.ofMillis((long) (usual * spread()));
    }

    private static double spread() {
        return ThreadLocalRandom.current().nextDouble(0.5, 1.5);
    }

    private static Route route(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    }
}
