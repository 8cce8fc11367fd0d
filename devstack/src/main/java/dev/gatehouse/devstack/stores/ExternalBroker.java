package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A broker that somebody else runs: used, never started or stopped. */
public final class ExternalBroker implements AmqpBroker {

    private final String host;
    private final int port;
    private final String username;
    private final String password;
    private final String virtualHost;

    private ExternalBroker(String host, int port, String username, String password, String virtualHost) {
        this.host = host;
        this.port = port;
        this.username = username;
        this.password = password;
        this.virtualHost = virtualHost;
    }

    /**
     * The broker at an address like {@code amqp://user:password@host:5672/vhost} (percent-encoded; no path means the
     * virtual host "/").
     *
     * @throws CannotStart if the address cannot be read; the message never contains the password
     */
    public static ExternalBroker at(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new CannotStart("BROKER is not an address like amqp://user:password@host:5672/vhost.");
        }
        String user = uri.getRawUserInfo();
        if (uri.getHost() == null || user == null || !user.contains(":")) {
            throw new CannotStart("BROKER is not an address like amqp://user:password@host:5672/vhost.");
        }
        String path = uri.getRawPath();
        int colon = user.indexOf(':');
        return new ExternalBroker(
                uri.getHost(),
                uri.getPort() < 0 ? 5672 : uri.getPort(),
                decoded(user.substring(0, colon)),
                decoded(user.substring(colon + 1)),
                path == null || path.length() < 2 ? "/" : decoded(path.substring(1)));
    }

    @Override
    public String kind() {
        return "external";
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String username() {
        return username;
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public String virtualHost() {
        return virtualHost;
    }

    @Override
    public Optional<Long> pid() {
        return Optional.empty();
    }

    @Override
    public void stop() {
        throw notOurs();
    }

    /** Only checks that it accepts connections. */
    @Override
    public void start() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5000);
        } catch (IOException e) {
            throw new CannotStart(
                    "The broker at " + host + ":" + port + " (from BROKER) does not answer: " + e.getMessage() + ".",
                    e);
        }
    }

    @Override
    public void kill() {
        throw notOurs();
    }

    @Override
    public void pause() {
        throw notOurs();
    }

    @Override
    public void resume() {
        throw notOurs();
    }

    @Override
    public void close() {
        // Not ours.
    }

    private IllegalStateException notOurs() {
        return new IllegalStateException("The broker at " + host + ":" + port + " is not ours to stop.");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
