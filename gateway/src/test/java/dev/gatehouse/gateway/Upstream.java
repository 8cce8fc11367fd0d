package dev.gatehouse.gateway;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A service behind the gateway: records what reaches it and answers as a test wants. */
public final class Upstream {

    /** Answers one request; the body has been read before. */
    public interface Answer extends BiFunction<Seen, HttpServerResponse, Publisher<Void>> {}

    /**
     * A request whose last byte has arrived.
     *
     * @param connection differs for each connection
     */
    public record Seen(
            String method, String target, List<Map.Entry<String, String>> headers, byte[] body, String connection) {

        public List<String> all(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> cut = new ConcurrentLinkedQueue<>();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final DisposableServer server;

    private Upstream() {
        server = HttpServer.create()
                // Its own threads: a gateway that stops takes the shared ones with it.
                .runOn(LoopResources.create("upstream", 2, true))
                .host("127.0.0.1")
                .port(0)
                .httpRequestDecoder(spec -> spec.maxInitialLineLength(64 * 1024).maxHeaderSize(128 * 1024))
                .doOnConnection(connection -> {
                    openConnections.incrementAndGet();
                    connection.channel().closeFuture().addListener(closed -> openConnections.decrementAndGet());
                })
                .handle(this::handle)
                .bindNow();
    }

    public static Upstream start() {
        return new Upstream();
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Answers this path, without its query, in this way from now on. */
    public void answer(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** The next completed request; fails if none comes in time. */
    public Seen next() {
        try {
            Seen next = seen.poll(5, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("No request reached the upstream");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Completed requests nobody asked for yet. */
    public int waiting() {
        return seen.size();
    }

    /** Requests whose headers have arrived since the last {@link #reset}. */
    public int begun() {
        return begun.get();
    }

    /** Paths of requests that broke off before their answer was complete. */
    public List<String> cut() {
        return List.copyOf(cut);
    }

    public int openConnections() {
        return openConnections.get();
    }

    public void reset() {
        seen.clear();
        answers.clear();
        cut.clear();
        begun.set(0);
    }

    public void stop() {
        server.disposeNow(Duration.ofSeconds(1));
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        begun.incrementAndGet();
        String path = request.uri().split("\\?", 2)[0];
        String connection = request.remoteAddress().toString();
        return request.receive()
                .aggregate()
                .map(Upstream::bytes)
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> {
                    Seen complete = new Seen(
                            request.method().name(),
                            request.uri(),
                            List.copyOf(request.requestHeaders().entries()),
                            body,
                            connection);
                    seen.add(complete);
                    Answer answer = answers.getOrDefault(
                            path,
                            (ignored, plain) -> plain.header("Content-Type", "application/json")
                                    .sendString(Mono.just("{}")));
                    return Mono.from(answer.apply(complete, response));
                })
                .doOnError(failure -> cut.add(path))
                .doOnCancel(() -> cut.add(path));
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }
}
