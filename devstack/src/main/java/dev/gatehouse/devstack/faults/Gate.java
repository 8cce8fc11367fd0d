package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A loopback port of which every connection is relayed to where its route leads. */
final class Gate implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final int BACKLOG = 512;

    private final int port;
    private final Route route;
    private final SplittableRandom random;
    private final ExecutorService threads;
    private final List<Injected> upstream = new CopyOnWriteArrayList<>();
    private final List<Injected> downstream = new CopyOnWriteArrayList<>();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder upstreamBytes = new LongAdder();
    private final LongAdder downstreamBytes = new LongAdder();
    private @Nullable ServerSocket listener;
    private boolean closed;

    /** Where a connection goes. */
    @FunctionalInterface
    interface Route {

        /**
         * A new connection to a server.
         *
         * @throws IOException if none accepts one
         */
        Socket connect() throws IOException;
    }

    Gate(String name, int port, Route route, long seed) {
        this.port = port;
        this.route = route;
        this.random = new SplittableRandom(seed);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
        open();
    }

    /** A new connection to a loopback port. */
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(Ports.LOOPBACK), port),
                    Math.toIntExact(CONNECT_LIMIT.toMillis()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    Traffic traffic() {
        return new Traffic(accepted.sum(), refused.sum(), relays.size(), upstreamBytes.sum(), downstreamBytes.sum());
    }

    Set<Relay> relays() {
        return relays;
    }

    List<Injected> toxics(Direction direction) {
        return direction == Direction.UPSTREAM ? upstream : downstream;
    }

    /** Every relay looks at the toxics again. */
    void wake() {
        relays.forEach(Relay::wake);
    }

    /** Listens; does nothing if it does. */
    synchronized void open() {
        if (listener != null || closed) {
            return;
        }
        try {
            ServerSocket fresh = new ServerSocket();
            fresh.setReuseAddress(true);
            fresh.bind(new InetSocketAddress(InetAddress.getByName(Ports.LOOPBACK), port), BACKLOG);
            listener = fresh;
            threads.execute(() -> accept(fresh));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses connections from now on, and resets those there are. */
    synchronized void shut() {
        ServerSocket current = listener;
        listener = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        cut();
    }

    /** Resets all connections; how many there were. */
    int cut() {
        List<Relay> now = List.copyOf(relays);
        now.forEach(relay -> relay.close(true));
        return now.size();
    }

    /** Returns when the port is free and every thread has ended. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            shut();
        }
        threads.shutdownNow();
        // One that was just being connected.
        cut();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The threads of the proxy on port " + port + " do not end.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(ServerSocket open) {
        while (true) {
            try {
                Socket client = open.accept();
                accepted.increment();
                SplittableRandom own = random.split();
                threads.execute(() -> relay(client, own));
            } catch (IOException | RejectedExecutionException shut) {
                return;
            }
        }
    }

    private void relay(Socket client, SplittableRandom own) {
        Socket server;
        try {
            server = route.connect();
        } catch (IOException nobody) {
            refused.increment();
            // As near to a refused connection as one can come after having accepted it.
            Relay.close(client, true);
            return;
        }
        try {
            // Else small pieces would be gathered on the way.
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException gone) {
            Relay.close(client, true);
            Relay.close(server, true);
            return;
        }
        Relay relay = new Relay(
                client,
                server,
                new Pipe(client, server, () -> upstream, own.split(), upstreamBytes),
                new Pipe(server, client, () -> downstream, own.split(), downstreamBytes),
                relays::remove);
        synchronized (this) {
            // Shut while we were connecting: this one would be forgotten.
            if (listener == null) {
                relay.close(true);
                return;
            }
            relays.add(relay);
        }
        try {
            relay.start(threads);
        } catch (RejectedExecutionException closing) {
            relay.close(true);
        }
    }
}
