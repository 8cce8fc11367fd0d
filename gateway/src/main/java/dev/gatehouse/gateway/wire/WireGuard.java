package dev.gatehouse.gateway.wire;

import dev.gatehouse.gateway.problem.ProblemType;
import dev.gatehouse.gateway.problem.Refused;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees each message between the decoder and the server. What the framework cannot represent is replaced by an empty
 * request that carries the reason, so that its refusal passes the same filters as any other: CORS, problem document,
 * access line.
 */
final class WireGuard extends ChannelDuplexHandler {

    /** The slug of the reason. Set on the replacement only; a client's own header of this name is removed. */
    static final String REFUSAL = "X-Gatehouse-Refusal";

    /** The path of the refused request, for the access line; as above. */
    static final String REFUSED_TARGET = "X-Gatehouse-Refused-Target";

    /** After an early answer the rest of a body is read and dropped up to here, then the connection is closed. */
    private static final long MAX_DROPPED_BYTES = 16L * 1024 * 1024;

    private static final int LONGEST_LOGGED_PATH = 200;
    private static final List<AsciiString> KEPT = List.of(
            HttpHeaderNames.ORIGIN,
            HttpHeaderNames.HOST,
            AsciiString.cached("traceparent"),
            AsciiString.cached("X-Request-Id"));

    private boolean bodyOpen;
    private boolean discarding;
    private long unanswered;
    private long droppedBytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (discarding) {
            ReferenceCountUtil.release(message);
            context.read();
            return;
        }
        if (message instanceof HttpRequest request) {
            bodyOpen = !(message instanceof LastHttpContent);
            unanswered++;
            droppedBytes = 0;
            ProblemType refusal = refusal(request);
            request.headers().remove(REFUSAL).remove(REFUSED_TARGET);
            if (refusal == null) {
                toOriginForm(request);
                context.fireChannelRead(message);
            } else {
                discarding = true;
                HttpRequest replacement = replacement(request, refusal);
                ReferenceCountUtil.release(message);
                context.fireChannelRead(replacement);
                context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            }
            return;
        }
        if (message instanceof HttpContent content) {
            if (content.decoderResult().isFailure()) {
                // Passed on as it is, a body cut here would reach the upstream as a complete one.
                discarding = true;
                Throwable cause = content.decoderResult().cause();
                ReferenceCountUtil.release(message);
                context.fireExceptionCaught(new Refused(
                                ProblemType.MALFORMED_REQUEST, "The request body is not framed as HTTP demands.", cause)
                        .with("Connection", "close"));
                return;
            }
            bodyOpen = bodyOpen && !(message instanceof LastHttpContent);
            if (unanswered == 0 && bodyOpen) {
                droppedBytes += content.content().readableBytes();
                if (droppedBytes > MAX_DROPPED_BYTES) {
                    discarding = true;
                    ReferenceCountUtil.release(message);
                    context.close();
                    return;
                }
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !interim) {
            unanswered--;
        }
        super.write(context, message, promise);
    }

    private static @Nullable ProblemType refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return switch (request.decoderResult().cause()) {
                case TooLongHttpLineException line -> ProblemType.URI_TOO_LONG;
                case TooLongHttpHeaderException header -> ProblemType.HEADERS_TOO_LARGE;
                default -> ProblemType.MALFORMED_REQUEST;
            };
        }
        HttpHeaders headers = request.headers();
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && !HttpVersion.HTTP_1_0.equals(request.protocolVersion()))) {
            return ProblemType.MALFORMED_REQUEST;
        }
        // A second Authorization line is read by one part and not by another.
        if (headers.getAll(HttpHeaderNames.AUTHORIZATION).size() > 1) {
            return ProblemType.MALFORMED_REQUEST;
        }
        // CONNECT would turn a pooled upstream connection into a tunnel, TRACE echoes credentials.
        if (HttpMethod.CONNECT.equals(request.method()) || HttpMethod.TRACE.equals(request.method())) {
            return ProblemType.METHOD_NOT_ALLOWED;
        }
        return isTarget(request.uri()) ? null : ProblemType.MALFORMED_REQUEST;
    }

    private static boolean isTarget(String target) {
        if (!target.startsWith("/") && !isAbsolute(target)) {
            return false;
        }
        if (target.indexOf('#') >= 0) {
            return false;
        }
        try {
            // The same parse as the framework's; what it refuses would be answered without a body.
            URI unused = new URI(target.startsWith("/") ? "http://gateway" + target : target);
            return unused.getRawPath() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isAbsolute(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
    }

    /** RFC 9112 section 3.2.2: the absolute form must be accepted, and its authority replaces the Host field. */
    private static void toOriginForm(HttpRequest request) {
        if (request.uri().startsWith("/")) {
            return;
        }
        URI target = URI.create(request.uri());
        String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        request.headers().set(HttpHeaderNames.HOST, target.getRawAuthority());
        request.setUri(target.getRawQuery() == null ? path : path + "?" + target.getRawQuery());
    }

    private static HttpRequest replacement(HttpRequest request, ProblemType refusal) {
        DefaultHttpRequest replacement = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        HttpHeaders headers = replacement.headers();
        for (AsciiString kept : KEPT) {
            // An over-long header block was read up to its limit: what came before it still counts.
            headers.add(kept, request.headers().getAll(kept));
        }
        headers.set(REFUSAL, refusal.slug());
        headers.set(REFUSED_TARGET, printablePath(request.uri()));
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return replacement;
    }

    private static String printablePath(String target) {
        int end = Math.min(target.length(), LONGEST_LOGGED_PATH);
        StringBuilder printable = new StringBuilder(end);
        for (int i = 0; i < end && target.charAt(i) != '?'; i++) {
            char c = target.charAt(i);
            printable.append(c > ' ' && c < 0x7f ? c : '?');
        }
        return printable.isEmpty() ? "-" : printable.toString();
    }
}
