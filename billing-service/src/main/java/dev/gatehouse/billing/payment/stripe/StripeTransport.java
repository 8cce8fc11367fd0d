package dev.gatehouse.billing.payment.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends the SDK's requests with limits the SDK's own transport does not have: for the whole answer and not for each of its bytes, for its
 * size, and without that transport's silent second POST after a reset connection.
 */
class StripeTransport extends HttpClient {

    private static final long LARGEST_ANSWER_BYTES = 4L * 1024 * 1024;

    private final java.net.http.HttpClient http;
    private final Duration timeout;
    private final BodyHandler<String> body = BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER_BYTES);

    /** @param timeout from the first byte sent to the last received */
    StripeTransport(Duration connectTimeout, Duration timeout) {
        this.timeout = timeout;
        this.http = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
    }

    @Override
    public StripeResponse request(StripeRequest request) throws ApiConnectionException {
        CompletableFuture<HttpResponse<String>> exchange = http.sendAsync(toHttp(request), body);
        try {
            HttpResponse<String> response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new StripeResponse(
                    response.statusCode(), HttpHeaders.of(response.headers().map()), response.body());
        } catch (TimeoutException late) {
            exchange.cancel(true);
            throw new ApiConnectionException("No complete answer within " + timeout, late);
        } catch (ExecutionException failed) {
            throw new ApiConnectionException("The connection failed: " + failed.getCause(), failed);
        } catch (InterruptedException stopping) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("Interrupted while waiting for the answer", stopping);
        }
    }

    private static HttpRequest toHttp(StripeRequest request) {
        HttpContent content = request.content();
        HttpRequest.Builder http = HttpRequest.newBuilder(
                        URI.create(request.url().toString()))
                .method(
                        request.method().name(),
                        content == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(content.byteArrayContent()));
        request.headers().map().forEach((name, values) -> values.forEach(value -> http.header(name, value)));
        if (content != null) {
            http.header("Content-Type", content.contentType());
        }
        return http.header("User-Agent", buildUserAgentString(request)).build();
    }
}
