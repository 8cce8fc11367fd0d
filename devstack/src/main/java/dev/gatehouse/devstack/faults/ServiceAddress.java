package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a Kubernetes Service is for the copies of one service: a loopback port that sends each new connection to one of the
 * ready copies in turn.
 *
 * <p>A copy that is not ready gets no new connections; those it has go on, for it to finish what it is doing, until it is
 * ready again, its process has ended, or it was not ready for longer than the grace. A copy that refuses a connection is
 * passed over at once. Without a ready copy a connection is reset.
 */
public final class ServiceAddress implements AutoCloseable {

    /** Kubernetes' terminationGracePeriodSeconds, unless a pod says otherwise. */
    public static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration PROBE_PAUSE = Duration.ofMillis(200);

    private final Supplier<List<? extends Copy>> copies;
    private final Duration grace;
    private final Map<Copy, Probed> probed = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final ExecutorService probes = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("probe-", 0).factory());
    private final Gate gate;
    private volatile boolean closed;

    /** What is known of a copy: since when it has not been ready, or null while it is. */
    private static final class Probed {

        private volatile @Nullable Long unreadySinceNanos = System.nanoTime();
        private volatile boolean running;

        boolean ready() {
            return unreadySinceNanos == null;
        }
    }

    private ServiceAddress(int port, Supplier<List<? extends Copy>> copies, Duration grace) {
        this.copies = copies;
        this.grace = grace;
        this.gate = new Gate("service-address-" + port, port, this::connect, 1);
        probes.execute(this::watch);
    }

    /** An address on a free port for whatever copies there are at each moment. */
    public static ServiceAddress of(Supplier<List<? extends Copy>> copies) {
        return on(Ports.free(), copies, GRACE);
    }

    /**
     * An address on a loopback port.
     *
     * @param grace how long a copy that is not ready keeps the connections it has
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public static ServiceAddress on(int port, Supplier<List<? extends Copy>> copies, Duration grace) {
        return new ServiceAddress(port, copies, grace);
    }

    /** Where callers connect. */
    public int port() {
        return gate.port();
    }

    /** The ports of the copies that get new connections. */
    public List<Integer> ready() {
        return readyCopies().stream().map(Copy::port).toList();
    }

    public Traffic traffic() {
        return gate.traffic();
    }

    /** Resets all connections and returns when the port is free and every thread has ended. */
    @Override
    public void close() {
        closed = true;
        probes.shutdownNow();
        gate.close();
        probes.close();
    }

    private Socket connect() throws IOException {
        List<? extends Copy> candidates = readyCopies();
        int first = Math.floorMod(turn.getAndIncrement(), Math.max(1, candidates.size()));
        for (int i = 0; i < candidates.size(); i++) {
            Copy copy = candidates.get((first + i) % candidates.size());
            try {
                return Gate.connect(copy.port());
            } catch (IOException refusedOrSilent) {
                // the next one
            }
        }
        throw new ConnectException("no copy is ready");
    }

    private List<? extends Copy> readyCopies() {
        return copies.get().stream()
                .filter(copy -> copy.alive() && known(copy).ready())
                .toList();
    }

    private Probed known(Copy copy) {
        return probed.computeIfAbsent(copy, absent -> new Probed());
    }

    private void watch() {
        try {
            while (!closed) {
                for (Copy copy : copies.get()) {
                    Probed known = known(copy);
                    if (!known.running) {
                        known.running = true;
                        probes.execute(() -> probe(copy, known));
                    }
                    if (overdue(copy, known)) {
                        gate.relays().stream()
                                .filter(relay -> relay.serverPort() == copy.port())
                                .forEach(relay -> relay.close(true));
                    }
                }
                Thread.sleep(PROBE_PAUSE);
            }
        } catch (InterruptedException | java.util.concurrent.RejectedExecutionException closing) {
            // the end
        }
    }

    /** In a thread of its own: a copy that does not answer must not keep the others waiting. */
    private void probe(Copy copy, Probed known) {
        try {
            if (copy.ready()) {
                known.unreadySinceNanos = null;
            } else if (known.ready()) {
                known.unreadySinceNanos = System.nanoTime();
            }
        } finally {
            known.running = false;
        }
    }

    private boolean overdue(Copy copy, Probed known) {
        Long since = known.unreadySinceNanos;
        return !copy.alive() || since != null && System.nanoTime() - since > grace.toNanos();
    }
}
