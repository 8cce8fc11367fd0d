package dev.gatehouse.devstack.payments;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on one loopback port, small because a fault drill needs the socket itself: a connection that is
 * reset, or cut in the middle of an answer, is a thing no server library lets its handler do.
 *
 * <p>It runs on platform threads: starting parts of the development stack on virtual threads can deadlock two cores.
 */
final class HttpListener implements AutoCloseable {

    private static final int MAX_LINE_BYTES = 16 * 1024;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_BODY_BYTES = 1024 * 1024;
    private static final int IDLE_MILLIS = 60_000;

    private final ServerSocket server;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService connections;

    private HttpListener(ServerSocket server, Handler handler, String name) {
        this.server = server;
        this.handler = handler;
        AtomicLong count = new AtomicLong();
        this.connections = Executors.newThreadPerTaskExecutor(task -> Thread.ofPlatform()
                .daemon()
                .name(name + "-" + count.incrementAndGet())
                .unstarted(task));
    }

    /**
     * Listens on 127.0.0.1.
     *
     * @param port the port, 0 for any free one
     * @throws IllegalStateException if the port is taken
     */
    static HttpListener start(int port, String name, Handler handler) {
        ServerSocket server;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1024);
        } catch (BindException e) {
            throw new IllegalStateException(
                    "Port " + port + " of 127.0.0.1 is taken; the " + name + " cannot listen there.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpListener listener = new HttpListener(server, handler, name);
        Thread.ofPlatform().daemon().name(name + "-accept").start(listener::accept);
        return listener;
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        quietly(server::close);
        for (Socket socket : open) {
            quietly(socket::close);
        }
        connections.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                connections.execute(() -> serve(socket));
            } catch (IOException | RuntimeException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(IDLE_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
            boolean keepOpen = true;
            while (keepOpen) {
                keepOpen = exchange(socket, in, out);
            }
        } catch (SocketTimeoutException e) {
            return; // an idle connection
        } catch (IOException e) {
            return; // the client went away
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private boolean exchange(Socket socket, InputStream in, OutputStream out) throws IOException, InterruptedException {
        Request request;
        try {
            request = read(in, out);
        } catch (BadRequest e) {
            write(out, Answer.text(e.status, e.getMessage()), false);
            return false;
        }
        if (request == null) {
            return false;
        }
        Answer answer = handler.handle(request);
        if (answer.ending() == Ending.RESET) {
            socket.setSoLinger(true, 0); // closing now sends RST instead of FIN
            return false;
        }
        boolean keepOpen = answer.ending() == Ending.COMPLETE
                && !"close".equalsIgnoreCase(request.headers().get("connection"));
        write(out, answer, keepOpen);
        return keepOpen;
    }

    private static @Nullable Request read(InputStream in, OutputStream out) throws IOException, BadRequest {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !parts[1].startsWith("/") || !parts[2].startsWith("HTTP/1.")) {
            throw new BadRequest(400, "Malformed request line");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        while (true) {
            String header = line(in);
            if (header == null) {
                throw new EOFException();
            }
            if (header.isEmpty()) {
                break;
            }
            int colon = header.indexOf(':');
            if (colon < 1 || headers.size() == MAX_HEADERS) {
                throw new BadRequest(colon < 1 ? 400 : 431, "Malformed or too many header fields");
            }
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        byte[] body = body(in, headers);
        int question = parts[1].indexOf('?');
        String path = question < 0 ? parts[1] : parts[1].substring(0, question);
        String query = question < 0 ? "" : parts[1].substring(question + 1);
        return new Request(parts[0], path, query, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException, BadRequest {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunked(in);
        }
        int length = number(headers.getOrDefault("content-length", "0"), 10);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return body;
    }

    private static byte[] chunked(InputStream in) throws IOException, BadRequest {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException();
            }
            int length = number(size.split(";", 2)[0].strip(), 16);
            if (body.size() + length > MAX_BODY_BYTES) {
                throw new BadRequest(413, "Body too large");
            }
            body.write(in.readNBytes(length));
            String end = line(in);
            if (length == 0) {
                while (end != null && !end.isEmpty()) {
                    end = line(in); // trailer fields
                }
                return body.toByteArray();
            }
        }
    }

    private static int number(String text, int radix) throws BadRequest {
        try {
            int value = Integer.parseInt(text, radix);
            if (value < 0) {
                throw new BadRequest(400, "Malformed length");
            }
            if (value > MAX_BODY_BYTES) {
                throw new BadRequest(413, "Body too large");
            }
            return value;
        } catch (NumberFormatException e) {
            throw new BadRequest(400, "Malformed length");
        }
    }

    private static @Nullable String line(InputStream in) throws IOException, BadRequest {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException();
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new BadRequest(431, "Line too long");
            }
            line.write(next);
            next = in.read();
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static void write(OutputStream out, Answer answer, boolean keepOpen) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(reason(answer.status()))
                .append("\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n");
        if (!keepOpen) {
            head.append("Connection: close\r\n");
        }
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, 0, answer.ending() == Ending.CUT ? body.length / 2 : body.length);
        out.flush();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 402 -> "Payment Required";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 429 -> "Too Many Requests";
            default -> status < 500 ? "Refused" : "Internal Server Error";
        };
    }

    private static void quietly(IoAction action) {
        try {
            action.run();
        } catch (IOException e) {
            return; // closing anyway
        }
    }

    /** What the server does with one request; it may block as long as a drill wants. */
    interface Handler {
        Answer handle(Request request) throws InterruptedException;
    }

    private interface IoAction {
        void run() throws IOException;
    }

    /** How an answer ends on the wire. */
    enum Ending {
        COMPLETE,
        CUT,
        RESET
    }

    /** A request; header names are in lower case. */
    record Request(String method, String path, String query, Map<String, String> headers, String body) {}

    /** An answer; the length is added when it is written. */
    record Answer(int status, Map<String, String> headers, String body, Ending ending) {

        static Answer json(int status, Map<String, String> headers, String body) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Content-Type", "application/json");
            return new Answer(status, all, body, Ending.COMPLETE);
        }

        static Answer text(int status, @Nullable String text) {
            return new Answer(status, Map.of("Content-Type", "text/plain"), text == null ? "" : text, Ending.COMPLETE);
        }

        Answer ending(Ending how) {
            return new Answer(status, headers, body, how);
        }
    }

    private static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        BadRequest(int status, String message) {
            super(message);
            this.status = status;
        }
    }
}
