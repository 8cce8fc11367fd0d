package dev.gatehouse.devstack.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a relayed connection: a reader that notes when bytes came and a writer that hands them on as the toxics
 * of that moment say. Two threads, because delayed bytes must not keep the next ones from arriving.
 */
final class Pipe {

    private static final int CHUNK_BYTES = 16 * 1024;
    // Who sends more than that ahead is not read from any more: TCP then slows it down.
    private static final int CHUNKS_AHEAD = 256;

    private final Socket from;
    private final Socket to;
    private final Supplier<List<Injected>> toxics;
    private final SplittableRandom random;
    private final LongAdder passed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private final Map<Injected, Long> counted = new HashMap<>();
    private boolean ended;
    private volatile boolean lossy;
    private volatile boolean deaf;
    private volatile boolean resetBySender;

    Pipe(Socket from, Socket to, Supplier<List<Injected>> toxics, SplittableRandom random, LongAdder passed) {
        this.from = from;
        this.to = to;
        this.toxics = toxics;
        this.random = random;
        this.passed = passed;
    }

    /** What one read brought; null bytes are the end. */
    private record Chunk(byte @Nullable [] bytes, long receivedNanos) {}

    /** How a direction ended. */
    enum End {
        /** In order, and the other side was told. */
        CLOSED,
        /** The connection has to be closed as a whole. */
        BROKEN,
        /** The connection has to be reset as a whole. */
        RESET
    }

    /** Reads until the end, the error or {@link #end()}; never throws for what happens to a socket. */
    void read() throws InterruptedException {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                put(new Chunk(Arrays.copyOf(buffer, count), System.nanoTime()));
            }
            put(new Chunk(null, System.nanoTime()));
        } catch (IOException reset) {
            if (!deaf) {
                resetBySender = true;
                end();
            }
        }
    }

    /** Hands on until the end. */
    End write() throws InterruptedException {
        try {
            OutputStream out = to.getOutputStream();
            while (true) {
                Chunk chunk = next();
                if (chunk == null) {
                    return resetBySender ? End.RESET : End.BROKEN;
                }
                Injected reset = one(Toxic.ResetPeer.class);
                if (reset != null && waitWhile(reset, deadline(((Toxic.ResetPeer) reset.toxic()).after()))) {
                    return End.RESET;
                }
                if (one(Toxic.Timeout.class) != null) {
                    lossy = true;
                    continue;
                }
                delay(chunk);
                if (chunk.bytes() == null) {
                    slowClose();
                    if (!deaf) {
                        to.shutdownOutput();
                    }
                    return End.CLOSED;
                }
                if (!deliver(out, chunk.bytes())) {
                    return End.BROKEN;
                }
            }
        } catch (IOException gone) {
            return End.RESET;
        } finally {
            end();
        }
    }

    /** The toxics have changed, or the connection has ended: who waits looks again. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is read or handed on any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The far side has gone and the near one is not told: what still comes is thrown away. */
    void deafen() {
        deaf = true;
    }

    /** Whether bytes were thrown away that a sender thinks delivered. */
    boolean lossy() {
        return lossy;
    }

    private void put(Chunk chunk) throws InterruptedException {
        lock.lock();
        try {
            while (queue.size() >= CHUNKS_AHEAD && !ended) {
                changed.await();
            }
            queue.addLast(chunk);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next chunk; null when the connection has ended, by itself or for a silence that a toxic ends. */
    private @Nullable Chunk next() throws InterruptedException {
        long since = System.nanoTime();
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (ended) {
                    return null;
                }
                Injected hole = one(Toxic.Timeout.class);
                Duration after = hole == null ? Duration.ZERO : ((Toxic.Timeout) hole.toxic()).after();
                if (hole == null || after.isZero()) {
                    changed.await();
                    continue;
                }
                long left = Math.max(since, hole.sinceNanos()) + after.toNanos() - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                changed.awaitNanos(left);
            }
            Chunk chunk = queue.removeFirst();
            changed.signalAll();
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    private void delay(Chunk chunk) throws InterruptedException {
        for (Injected each : all(Toxic.Latency.class).toList()) {
            Toxic.Latency latency = (Toxic.Latency) each.toxic();
            long jitter = latency.jitter().toNanos();
            long nanos = latency.delay().toNanos() + (jitter == 0 ? 0 : random.nextLong(-jitter, jitter + 1));
            waitWhile(each, chunk.receivedNanos() + Math.max(0, nanos));
        }
    }

    private void slowClose() throws InterruptedException {
        for (Injected each : all(Toxic.SlowClose.class).toList()) {
            waitWhile(each, deadline(((Toxic.SlowClose) each.toxic()).delay()));
        }
    }

    /** Writes the bytes in the pieces and at the pace of the toxics; false when a limit has been reached. */
    private boolean deliver(OutputStream out, byte[] bytes) throws IOException, InterruptedException {
        int at = 0;
        while (at < bytes.length) {
            Injected slicer = one(Toxic.Slicer.class);
            Injected brake = one(Toxic.Bandwidth.class);
            int size = bytes.length - at;
            if (slicer != null) {
                Toxic.Slicer slices = (Toxic.Slicer) slicer.toxic();
                size = Math.min(
                        size, slices.averageSize() + random.nextInt(-slices.variation(), slices.variation() + 1));
            }
            if (brake != null) {
                long rate = ((Toxic.Bandwidth) brake.toxic()).bytesPerSecond();
                // A tenth of a second's worth at a time, so that a slow link trickles and does not gulp.
                size = (int) Math.min(size, Math.max(1, rate / 10));
                waitWhile(brake, System.nanoTime() + size * 1_000_000_000L / rate);
            }
            Injected limit = one(Toxic.LimitData.class);
            boolean last = false;
            if (limit != null) {
                long left = ((Toxic.LimitData) limit.toxic()).bytes() - counted.getOrDefault(limit, 0L);
                last = size >= left;
                size = (int) Math.min(size, left);
                counted.merge(limit, (long) size, Long::sum);
            }
            hand(out, bytes, at, size);
            at += size;
            if (last) {
                return false;
            }
            if (slicer != null && at < bytes.length) {
                waitWhile(slicer, deadline(((Toxic.Slicer) slicer.toxic()).delay()));
            }
        }
        return true;
    }

    private void hand(OutputStream out, byte[] bytes, int at, int size) throws IOException {
        try {
            if (!deaf) {
                out.write(bytes, at, size);
                out.flush();
                passed.add(size);
            }
        } catch (IOException gone) {
            if (!deaf) {
                throw gone;
            }
        }
    }

    /** Waits until the moment, no longer than the toxic stays; true if it stayed so long. */
    private boolean waitWhile(Injected toxic, long untilNanos) throws InterruptedException {
        lock.lock();
        try {
            while (!ended && toxics.get().contains(toxic)) {
                long left = untilNanos - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                changed.awaitNanos(left);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Injected one(Class<? extends Toxic> kind) {
        return all(kind).findFirst().orElse(null);
    }

    private Stream<Injected> all(Class<? extends Toxic> kind) {
        List<Injected> now = toxics.get();
        return now.isEmpty() ? Stream.empty() : now.stream().filter(each -> kind.isInstance(each.toxic()));
    }

    private static long deadline(Duration wait) {
        return System.nanoTime() + wait.toNanos();
    }
}
