package dev.gatehouse.drills.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Speaks to the agent in a running process; a process that does not run is an {@link UncheckedIOException}. */
public final class Remote {

    private static final int LIMIT_MILLIS = 5_000;

    private final int port;

    /** @param port the one that {@link AgentOption#control(int)} was given */
    public Remote(int port) {
        this.port = port;
    }

    /** Ends the process when the point is reached for the nth time from now. */
    public void halt(Point point, long nth) {
        order("halt=" + point.word() + ":" + nth);
    }

    /** Holds up whoever reaches the point, every time from now on. */
    public void delay(Point point, Duration delay) {
        order("delay=" + point.word() + ":" + delay.toMillis());
    }

    /** Nothing happens at any point any more. */
    public void clear() {
        order("clear");
    }

    /** How often the point was reached since the process began. */
    public long reached(Point point) {
        return Long.parseLong(ask("reached=" + point.word()));
    }

    private void order(String order) {
        String answer = ask(order);
        if (!answer.equals("ok")) {
            throw new IllegalArgumentException(order + ": " + answer);
        }
    }

    private String ask(String line) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (answer == null) {
                throw new IOException("the process has ended");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("The agent on port " + port + " does not answer: " + e.getMessage(), e);
        }
    }
}
