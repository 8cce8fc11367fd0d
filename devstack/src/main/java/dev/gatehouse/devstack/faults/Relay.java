package dev.gatehouse.devstack.faults;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a proxy: the caller's socket, the server's socket and a pipe each way. */
final class Relay {

    private final Socket client;
    private final Socket server;
    private final Pipe upstream;
    private final Pipe downstream;
    private final Consumer<Relay> over;
    private final AtomicInteger open = new AtomicInteger(2);
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean halfOpen;

    Relay(Socket client, Socket server, Pipe upstream, Pipe downstream, Consumer<Relay> over) {
        this.client = client;
        this.server = server;
        this.upstream = upstream;
        this.downstream = downstream;
        this.over = over;
    }

    /** Begins to copy on four threads. */
    void start(Executor threads) {
        for (Pipe pipe : new Pipe[] {upstream, downstream}) {
            threads.execute(() -> {
                try {
                    pipe.read();
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            });
            threads.execute(() -> {
                try {
                    switch (pipe.write()) {
                        case CLOSED -> {
                            if (open.decrementAndGet() == 0 || halfOpen) {
                                close(false);
                            }
                        }
                        case BROKEN -> close(false);
                        case RESET -> close(true);
                    }
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /** The port of the server at the far end. */
    int serverPort() {
        return server.getPort();
    }

    boolean lossy() {
        return upstream.lossy() || downstream.lossy();
    }

    void wake() {
        upstream.wake();
        downstream.wake();
    }

    /** Ends the connection on both sides: with a TCP reset, or in order. */
    void close(boolean reset) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // Before the sockets: else their errors would be taken for the peers'.
        upstream.end();
        downstream.end();
        close(client, reset);
        close(server, reset);
        over.accept(this);
    }

    /** The server's side is closed and the caller is not told; its bytes go nowhere from now on. */
    void forgetServer() {
        halfOpen = true;
        upstream.deafen();
        downstream.deafen();
        close(server, false);
    }

    static void close(Socket socket, boolean reset) {
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException gone) {
            // closed below
        }
        try {
            socket.close();
        } catch (IOException gone) {
            // it is closed
        }
    }
}
