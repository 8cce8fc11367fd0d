package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.Ports;
import java.util.List;
import java.util.stream.Stream;

/**
 * A TCP proxy on a loopback port that hands everything on as it comes, until it is told to hurt: toxics are added and
 * removed while connections are open. Its port stays the same when its target changes. Safe for use by many threads.
 */
public final class FaultProxy implements AutoCloseable {

    private final Gate gate;
    private volatile int target;

    private FaultProxy(int port, int target, long seed) {
        this.target = target;
        this.gate = new Gate("fault-proxy-" + port, port, () -> Gate.connect(this.target), seed);
    }

    /** A proxy on a free port to a loopback port; its jitter repeats with its connections. */
    public static FaultProxy to(int target) {
        return on(Ports.free(), target, 1);
    }

    /**
     * A proxy from one loopback port to another.
     *
     * @param seed of everything random in its toxics
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public static FaultProxy on(int port, int target, long seed) {
        return new FaultProxy(port, target, seed);
    }

    /** Where callers connect; it never changes. */
    public int port() {
        return gate.port();
    }

    /** The loopback port that new connections are handed on to. */
    public int target() {
        return target;
    }

    /** Another target for new connections; those there are keep theirs until {@link #cut()}. */
    public void target(int port) {
        target = port;
    }

    /** Lets a toxic work on the bytes of one direction, those of open connections as well. */
    public synchronized Injected add(Direction direction, Toxic toxic) {
        Injected injected = new Injected(direction, toxic, this::remove);
        gate.toxics(direction).add(injected);
        if (toxic instanceof Toxic.Down) {
            gate.shut();
        }
        gate.wake();
        return injected;
    }

    /** Refuses and resets everything until the toxic is removed. */
    public Injected down() {
        return add(Direction.UPSTREAM, new Toxic.Down());
    }

    /** Lets nothing pass in either direction until {@link #reset()}; connections stay open. */
    public void blackHole() {
        Toxic nothing = new Toxic.Timeout(java.time.Duration.ZERO);
        add(Direction.UPSTREAM, nothing);
        add(Direction.DOWNSTREAM, nothing);
    }

    /** Removes all toxics. */
    public void reset() {
        toxics().forEach(this::remove);
    }

    /** The toxics at work. */
    public List<Injected> toxics() {
        return Stream.of(Direction.values())
                .flatMap(direction -> gate.toxics(direction).stream())
                .toList();
    }

    /** Resets every connection there is; new ones are taken. How many there were. */
    public int cut() {
        return gate.cut();
    }

    /**
     * Leaves every connection there is half-open: the server's side is closed, the caller is not told and its bytes go
     * nowhere, as when a machine vanished. How many there were.
     */
    public int leaveHalfOpen() {
        List<Relay> now = List.copyOf(gate.relays());
        now.forEach(Relay::forgetServer);
        return now.size();
    }

    public Traffic traffic() {
        return gate.traffic();
    }

    /** Resets all connections and returns when the port is free and every thread has ended. */
    @Override
    public void close() {
        gate.close();
    }

    private synchronized void remove(Injected injected) {
        if (!gate.toxics(injected.direction()).remove(injected)) {
            return;
        }
        if (injected.toxic() instanceof Toxic.Timeout) {
            // Their streams have a hole: going on would be corruption, not a fault of a network.
            gate.relays().stream().filter(Relay::lossy).forEach(relay -> relay.close(false));
        }
        if (toxics().stream().noneMatch(each -> each.toxic() instanceof Toxic.Down)) {
            gate.open();
        }
        gate.wake();
    }
}
