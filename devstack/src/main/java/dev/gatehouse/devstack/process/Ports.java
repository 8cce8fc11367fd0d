package dev.gatehouse.devstack.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports: which are free, and who has to give way. */
public final class Ports {

    /** The only address anything here binds to. */
    public static final String LOOPBACK = "127.0.0.1";

    // Below the ephemeral range (32768 and up on Linux), so that no outgoing connection takes the port of a stopped
    // part.
    private static final int LOWEST = 15000;
    private static final int HIGHEST = 32000;
    private static final Set<Integer> HANDED_OUT = new HashSet<>();

    private Ports() {}

    /** A free loopback port that this JVM has not handed out before. */
    public static int free() {
        synchronized (HANDED_OUT) {
            for (int attempt = 0; attempt < 1000; attempt++) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
                if (!HANDED_OUT.contains(port) && isFree(port)) {
                    HANDED_OUT.add(port);
                    return port;
                }
            }
        }
        throw new CannotStart("No free port between " + LOWEST + " and " + HIGHEST + " on " + LOOPBACK + ".");
    }

    /** Whether a server could bind the port on the loopback address now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * Refuses a port that is in use.
     *
     * @param part who wants it, as the user knows it
     * @param remedy what the user can do, for example "set GATEHOUSE_GATEWAY_PORT to another port"
     * @throws CannotStart in one line
     */
    public static void requireFree(int port, String part, String remedy) {
        if (!isFree(port)) {
            throw new CannotStart("Port " + port + " on " + LOOPBACK + ", wanted for " + part
                    + ", is in use by another program: stop that program or " + remedy + ".");
        }
    }

    /** Whether something accepts connections on the port. */
    public static boolean accepts(int port, Duration limit) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), Math.toIntExact(limit.toMillis()));
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByName(LOOPBACK);
    }
}
