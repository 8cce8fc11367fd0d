package dev.gatehouse.drills.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A loopback port of the process that the agent is in: a line with orders is answered "ok", "reached=POINT" with a
 * number, and what makes no sense with "error" and the reason.
 */
final class Control {

    private static final String REACHED = "reached=";
    private static final int LIMIT_MILLIS = 5_000;

    private Control() {}

    static void listen(int port, Failpoints failpoints) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        // A platform thread: it must answer also while every virtual one is held up.
        Thread.ofPlatform().daemon().name("drills-agent").start(() -> serve(listener, failpoints));
    }

    private static void serve(ServerSocket listener, Failpoints failpoints) {
        while (!listener.isClosed()) {
            try (Socket caller = listener.accept()) {
                caller.setSoTimeout(LIMIT_MILLIS);
                String line = new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8))
                        .readLine();
                String answer = answer(line == null ? "" : line, failpoints);
                caller.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException gone) {
                // the next caller
            }
        }
    }

    static String answer(String line, Failpoints failpoints) {
        try {
            if (line.startsWith(REACHED)) {
                return Long.toString(failpoints.reached(Point.of(line.substring(REACHED.length()))));
            }
            Orders orders = Orders.parsed(line);
            if (!orders.mutations().isEmpty() || orders.controlPort() != null) {
                return "error: only when the process starts";
            }
            orders.apply(failpoints);
            return "ok";
        } catch (RuntimeException e) {
            return "error: " + e.getMessage();
        }
    }
}
