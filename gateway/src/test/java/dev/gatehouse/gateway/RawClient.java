package dev.gatehouse.gateway;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A client that sends exactly the bytes a test writes and shows exactly what comes back. */
public final class RawClient implements AutoCloseable {

    /** A response as received; header lines in order, none merged. */
    public record Reply(int status, List<Map.Entry<String, String>> headers, String body) {

        public List<String> all(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        public String one(String name) {
            List<String> values = all(name);
            if (values.size() != 1) {
                throw new AssertionError("Expected one " + name + " but found " + values + " in " + this);
            }
            return values.getFirst();
        }

        /** Values of a list header, split at commas. */
        public List<String> elements(String name) {
            return all(name).stream()
                    .flatMap(line -> List.of(line.split(",", -1)).stream())
                    .map(String::strip)
                    .toList();
        }
    }

    private final Socket socket;
    private final InputStream in;

    private RawClient(int port) throws IOException {
        socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
    }

    public static RawClient to(int port) {
        try {
            return new RawClient(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one request without a body on its own connection. Lines after the request line are headers. */
    public static Reply exchange(int port, String requestLine, String... headers) {
        try (RawClient client = to(port)) {
            return client.send(head(requestLine, headers)).reply(requestLine.startsWith("HEAD "));
        }
    }

    /** A request head with a Host line and an empty line at its end. */
    public static String head(String requestLine, String... headers) {
        StringBuilder head = new StringBuilder(requestLine).append(" HTTP/1.1\r\nHost: gateway.example\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Reply reply() {
        return reply(false);
    }

    public Reply reply(boolean toHead) {
        try {
            String statusLine = line();
            int status = Integer.parseInt(statusLine.substring(9, 12));
            List<Map.Entry<String, String>> headers = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.add(Map.entry(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
            Reply head = new Reply(status, List.copyOf(headers), "");
            if (toHead || status == 204 || status == 304) {
                return head;
            }
            return new Reply(status, head.headers(), body(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line, without its end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Connection closed after \"" + line + "\"");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** What still comes until the other side closes the connection. */
    public String upToClose() {
        StringBuilder rest = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.append((char) c);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("The connection stays open after " + rest, e);
        } catch (IOException e) {
            // A reset closes it too.
            return rest.toString();
        }
        return rest.toString();
    }

    private String body(Reply head) throws IOException {
        if (head.elements("Transfer-Encoding").contains("chunked")) {
            StringBuilder body = new StringBuilder();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                line();
            }
            line();
            return body.toString();
        }
        List<String> length = head.all("Content-Length");
        byte[] bytes = length.isEmpty() ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length.getFirst()));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
