package dev.gatehouse.devstack.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sockets on both sides of the proxy; "never" in these tests is an hour. */
class FaultProxyTests {

    private static final Duration NEVER = Duration.ofHours(1);

    private Peer peer;
    private FaultProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws Exception {
        peer = new Peer();
        proxy = FaultProxy.to(peer.port());
        client = Peer.call(proxy.port());
        server = peer.accept();
        await().untilAsserted(() -> assertThat(proxy.traffic().open()).isEqualTo(1));
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        proxy.close();
        peer.close();
    }

    @Test
    void handsOnEveryByteInBothDirectionsAndCountsThem() throws Exception {
        byte[] request = random(3_000_000);
        byte[] answer = random(2_000_000);
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
            try {
                byte[] all = server.getInputStream().readNBytes(request.length);
                server.getOutputStream().write(answer);
                return all;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        client.getOutputStream().write(request);

        assertThat(client.getInputStream().readNBytes(answer.length)).isEqualTo(answer);
        assertThat(received.get()).isEqualTo(request);
        // Counted after they were handed on.
        await().untilAsserted(() ->
                assertThat(proxy.traffic()).isEqualTo(new Traffic(1, 0, 1, request.length, answer.length)));
    }

    @Test
    void tellsTheEndOfOneDirectionAndKeepsTheOther() throws Exception {
        send(client, "question");
        client.shutdownOutput();

        assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("question");
        send(server, "answer");
        server.close();

        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        await().untilAsserted(() -> assertThat(proxy.traffic().open()).isZero());
    }

    @Test
    void handsOnAReset() throws Exception {
        server.setSoLinger(true, 0);

        server.close();

        assertReset(client);
    }

    @Test
    void delaysBytesAndKeepsTheirOrder() throws Exception {
        Duration delay = Duration.ofMillis(300);
        Duration jitter = Duration.ofMillis(200);
        proxy.add(Direction.UPSTREAM, new Toxic.Latency(delay, jitter));
        long begin = System.nanoTime();
        byte[] bytes = random(40);

        for (byte each : bytes) {
            client.getOutputStream().write(each);
        }

        byte first = (byte) server.getInputStream().read();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(delay.minus(jitter));
        assertThat(first).isEqualTo(bytes[0]);
        assertThat(server.getInputStream().readNBytes(39)).isEqualTo(java.util.Arrays.copyOfRange(bytes, 1, 40));
    }

    @Test
    void delaysOneDirectionOnlyAndLetsGoWhenTheToxicGoes() throws Exception {
        Injected latency = proxy.add(Direction.UPSTREAM, new Toxic.Latency(NEVER, Duration.ZERO));
        send(client, "late");
        send(server, "soon");

        assertThat(read(client, 4)).isEqualTo("soon");
        assertNothingComes(server);
        latency.remove();

        assertThat(read(server, 4)).isEqualTo("late");
        assertThat(proxy.toxics()).isEmpty();
    }

    @Test
    void refusesAndResetsWhileItIsDown() throws Exception {
        Injected down = proxy.down();

        assertReset(client);
        assertReset(server);
        assertThatThrownBy(() -> Peer.call(proxy.port())).isInstanceOf(ConnectException.class);
        down.remove();

        try (Socket again = Peer.call(proxy.port());
                Socket accepted = peer.accept()) {
            send(again, "up");
            assertThat(read(accepted, 2)).isEqualTo("up");
        }
    }

    @Test
    void letsNoMoreThanTheBandwidthPass() throws Exception {
        proxy.add(Direction.DOWNSTREAM, new Toxic.Bandwidth(50_000));
        byte[] bytes = random(20_000);
        long begin = System.nanoTime();

        server.getOutputStream().write(bytes);

        assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    @Test
    void letsASlowLinkTrickle() throws Exception {
        Injected brake = proxy.add(Direction.UPSTREAM, new Toxic.Bandwidth(10));
        send(client, "0123456789");

        assertThat(read(server, 1)).isEqualTo("0");
        brake.remove();

        assertThat(read(server, 9)).isEqualTo("123456789");
    }

    @Test
    void tellsTheEndLate() throws Exception {
        Injected slow = proxy.add(Direction.UPSTREAM, new Toxic.SlowClose(NEVER));
        send(client, "last words");
        client.shutdownOutput();

        assertThat(read(server, 10)).isEqualTo("last words");
        assertNothingComes(server);
        slow.remove();

        assertThat(server.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void losesEverythingInABlackHole() throws Exception {
        Socket idle = Peer.call(proxy.port());
        Socket idleServer = peer.accept();
        proxy.blackHole();
        send(client, "lost");
        send(server, "lost as well");

        assertNothingComes(server);
        assertNothingComes(client);
        assertThat(proxy.traffic()).isEqualTo(new Traffic(2, 0, 2, 0, 0));
        proxy.reset();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        send(idle, "nothing missing");
        assertThat(read(idleServer, 15)).isEqualTo("nothing missing");
        idle.close();
        idleServer.close();
    }

    @Test
    void closesAConnectionThatWasSilencedForTheTimeout() throws Exception {
        proxy.add(Direction.UPSTREAM, new Toxic.Timeout(Duration.ofMillis(200)));
        long begin = System.nanoTime();

        send(client, "lost");

        assertThat(server.getInputStream().read()).isEqualTo(-1);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void resetsBothBeforeTheServerSeesTheRequest() throws Exception {
        proxy.add(Direction.UPSTREAM, new Toxic.ResetPeer(Duration.ZERO));

        send(client, "COMMIT");

        assertReset(server);
        assertReset(client);
    }

    @Test
    void resetsBothAfterTheServerHasDoneItsWork() throws Exception {
        proxy.add(Direction.DOWNSTREAM, new Toxic.ResetPeer(Duration.ZERO));

        send(client, "COMMIT");
        assertThat(read(server, 6)).isEqualTo("COMMIT");
        send(server, "DONE");

        assertReset(client);
        assertReset(server);
    }

    @Test
    void letsBytesPassWhoseResetWasTakenBack() throws Exception {
        Injected reset = proxy.add(Direction.UPSTREAM, new Toxic.ResetPeer(NEVER));
        send(client, "saved");
        assertNothingComes(server);

        reset.remove();

        assertThat(read(server, 5)).isEqualTo("saved");
    }

    @Test
    void cutsBytesIntoPieces() throws Exception {
        Injected slicer = proxy.add(Direction.UPSTREAM, new Toxic.Slicer(10, 3, NEVER));
        byte[] bytes = random(100);

        client.getOutputStream().write(bytes);

        byte[] piece = new byte[100];
        int size = server.getInputStream().read(piece);
        assertThat(size).isBetween(7, 13);
        assertNothingComes(server);
        slicer.remove();
        assertThat(server.getInputStream().readNBytes(100 - size))
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, size, 100));
    }

    @Test
    void closesWhenTheLimitHasPassed() throws Exception {
        send(client, "before");
        assertThat(read(server, 6)).isEqualTo("before");
        proxy.add(Direction.UPSTREAM, new Toxic.LimitData(9));

        send(client, "0123");
        send(client, "4567");
        send(client, "89ab");

        assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("012345678");
    }

    @Test
    void sendsNewConnectionsToAnotherTargetAndKeepsTheOld() throws Exception {
        try (Peer other = new Peer()) {
            proxy.target(other.port());

            try (Socket second = Peer.call(proxy.port());
                    Socket elsewhere = other.accept()) {
                send(second, "new");
                send(client, "old");
                assertThat(read(elsewhere, 3)).isEqualTo("new");
                assertThat(read(server, 3)).isEqualTo("old");

                assertThat(proxy.cut()).isEqualTo(2);
                assertReset(client);
                assertReset(second);
            }
        }
    }

    @Test
    void resetsACallerWhoseServerRefuses() throws Exception {
        peer.close();

        try (Socket unlucky = Peer.call(proxy.port())) {
            assertReset(unlucky);
        }
        assertThat(proxy.traffic().refused()).isEqualTo(1);
    }

    @Test
    void leavesTheCallerOfAVanishedServerUntold() throws Exception {
        assertThat(proxy.leaveHalfOpen()).isEqualTo(1);

        assertThat(server.getInputStream().read()).isEqualTo(-1);
        IntStream.range(0, 3).forEach(times -> send(client, "hello?"));
        assertNothingComes(client);
        client.close();

        await().untilAsserted(() -> assertThat(proxy.traffic().open()).isZero());
    }

    @Test
    void endsItsThreadsWhateverTheyWaitFor() throws Exception {
        proxy.add(Direction.UPSTREAM, new Toxic.Latency(NEVER, Duration.ZERO));
        proxy.add(Direction.DOWNSTREAM, new Toxic.Timeout(Duration.ZERO));
        client.getOutputStream().write(random(100_000));
        send(server, "lost");

        proxy.close();

        assertThat(Ports.isFree(proxy.port())).isTrue();
        assertThat(proxy.traffic().open()).isZero();
        assertReset(client);
    }

    @Test
    void refusesToxicsThatMakeNoSense() {
        assertThatThrownBy(() -> new Toxic.Bandwidth(0)).hasMessage("bytesPerSecond must be at least 1: 0");
        assertThatThrownBy(() -> new Toxic.Slicer(3, 3, Duration.ZERO)).hasMessage("averageSize must be at least 4: 3");
        assertThatThrownBy(() -> new Toxic.Latency(Duration.ofMillis(-1), Duration.ZERO))
                .hasMessage("delay must not be negative: PT-0.001S");
    }

    private static void send(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), US_ASCII);
    }

    private static void assertNothingComes(Socket socket) throws IOException {
        int usual = socket.getSoTimeout();
        socket.setSoTimeout(150);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(usual);
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessage("Connection reset");
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
