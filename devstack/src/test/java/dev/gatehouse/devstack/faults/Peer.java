package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server socket of a test, which takes connections one at a time as the test says. */
final class Peer implements AutoCloseable {

    private static final int LIMIT_MILLIS = 20_000;

    private final ServerSocket listener;

    Peer() throws IOException {
        listener = new ServerSocket(Ports.free(), 50, InetAddress.getByName(Ports.LOOPBACK));
        listener.setSoTimeout(LIMIT_MILLIS);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next connection. */
    Socket accept() throws IOException {
        return limited(listener.accept());
    }

    /** A caller's connection to a port. */
    static Socket call(int port) throws IOException {
        return limited(new Socket(Ports.LOOPBACK, port));
    }

    private static Socket limited(Socket socket) throws IOException {
        // A test that waits for what never comes fails and does not hang.
        socket.setSoTimeout(LIMIT_MILLIS);
        return socket;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
