package dev.gatehouse.devstack.faults;

import java.time.Duration;

/** What can be wrong with a link: Toxiproxy's eight toxics, with its meanings. */
public sealed interface Toxic {

    /**
     * Bytes arrive later, in order; how many pass in a time does not change.
     *
     * @param delay what each read's bytes wait from their arrival at the proxy
     * @param jitter up to that much more or less, evenly spread
     */
    record Latency(Duration delay, Duration jitter) implements Toxic {

        public Latency {
            notNegative(delay, "delay");
            notNegative(jitter, "jitter");
        }
    }

    /** Connections are refused and those that exist are reset; it has no direction. */
    record Down() implements Toxic {}

    /**
     * No more than so many bytes a second pass.
     *
     * @param bytesPerSecond at least 1
     */
    record Bandwidth(long bytesPerSecond) implements Toxic {

        public Bandwidth {
            atLeast(1, bytesPerSecond, "bytesPerSecond");
        }
    }

    /** The end of a connection is told later than it happened. */
    record SlowClose(Duration delay) implements Toxic {

        public SlowClose {
            notNegative(delay, "delay");
        }
    }

    /**
     * Nothing passes, neither bytes nor the end of them; what was sent is lost, and a connection that lost something is
     * closed when the toxic goes.
     *
     * @param after after so long a silence the connection is closed; zero: never, a black hole
     */
    record Timeout(Duration after) implements Toxic {

        public Timeout {
            notNegative(after, "after");
        }
    }

    /**
     * The first bytes that come are lost, and both sides get a TCP reset: upstream before the server saw a request,
     * downstream after it has done it.
     *
     * @param after how long after those bytes
     */
    record ResetPeer(Duration after) implements Toxic {

        public ResetPeer {
            notNegative(after, "after");
        }
    }

    /**
     * Bytes arrive in small pieces.
     *
     * @param averageSize of a piece, in bytes, at least 1
     * @param variation up to so many bytes more or less, less than the average
     * @param delay between two pieces
     */
    record Slicer(int averageSize, int variation, Duration delay) implements Toxic {

        public Slicer {
            atLeast(1, averageSize, "averageSize");
            atLeast(0, variation, "variation");
            atLeast(variation + 1, averageSize, "averageSize");
            notNegative(delay, "delay");
        }
    }

    /**
     * The connection is closed when so many bytes have passed since the toxic came.
     *
     * @param bytes at least 0
     */
    record LimitData(long bytes) implements Toxic {

        public LimitData {
            atLeast(0, bytes, "bytes");
        }
    }

    private static void notNegative(Duration value, String name) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
    }

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
        }
    }
}
