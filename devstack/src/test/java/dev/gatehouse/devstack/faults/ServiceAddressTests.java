package dev.gatehouse.devstack.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceAddressTests {

    private Stub one;
    private Stub two;
    private ServiceAddress address;

    @BeforeEach
    void start() throws Exception {
        one = new Stub();
        two = new Stub();
        address = ServiceAddress.on(Ports.free(), () -> List.of(one, two), Duration.ofHours(1));
        awaitReady(one, two);
    }

    @AfterEach
    void close() throws Exception {
        address.close();
        one.peer.close();
        two.peer.close();
    }

    @Test
    void sendsConnectionsToReadyCopiesInTurn() throws Exception {
        for (int round = 0; round < 3; round++) {
            callReaches(one);
            callReaches(two);
        }
        assertThat(address.traffic().accepted()).isEqualTo(6);
    }

    @Test
    void givesACopyThatIsNotReadyNoNewConnectionAndKeepsItsOld() throws Exception {
        try (Socket caller = Peer.call(address.port());
                Socket served = one.peer.accept()) {
            one.ready = false;
            awaitReady(two);

            callReaches(two);
            callReaches(two);
            served.getOutputStream().write('x');
            assertThat(caller.getInputStream().read()).isEqualTo('x');
        }
        one.ready = true;
        awaitReady(one, two);
    }

    @Test
    void passesOverACopyThatRefuses() throws Exception {
        one.peer.close();

        callReaches(two);
        callReaches(two);
    }

    @Test
    void cutsTheConnectionsOfADeadCopy() throws Exception {
        try (Socket caller = Peer.call(address.port());
                Socket served = one.peer.accept()) {
            one.alive = false;

            assertReset(caller);
            assertReset(served);
            callReaches(two);
        }
    }

    @Test
    void cutsTheConnectionsOfACopyThatIsNotReadyForTooLong() throws Exception {
        try (ServiceAddress impatient = ServiceAddress.on(Ports.free(), () -> List.of(one), Duration.ofMillis(100));
                Socket caller = awaitCall(impatient);
                Socket served = one.peer.accept()) {
            one.ready = false;

            assertReset(caller);
            assertReset(served);
        }
    }

    @Test
    void resetsCallersWhileNoCopyIsReady() throws Exception {
        one.ready = false;
        two.ready = false;
        awaitReady();

        try (Socket caller = Peer.call(address.port())) {
            assertReset(caller);
        }
        assertThat(address.traffic().refused()).isEqualTo(1);
    }

    private void callReaches(Stub expected) throws IOException {
        try (Socket caller = Peer.call(address.port());
                Socket served = expected.peer.accept()) {
            caller.getOutputStream().write('?');
            assertThat(served.getInputStream().read()).isEqualTo('?');
        }
    }

    private static Socket awaitCall(ServiceAddress address) throws IOException {
        await().until(() -> !address.ready().isEmpty());
        return Peer.call(address.port());
    }

    private void awaitReady(Stub... expected) {
        await().untilAsserted(() -> assertThat(address.ready())
                .containsExactlyElementsOf(
                        List.of(expected).stream().map(Stub::port).toList()));
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessage("Connection reset");
    }

    private static final class Stub implements Copy {

        private final Peer peer;
        private volatile boolean alive = true;
        private volatile boolean ready = true;

        Stub() throws IOException {
            this.peer = new Peer();
        }

        @Override
        public int port() {
            return peer.port();
        }

        @Override
        public boolean alive() {
            return alive;
        }

        @Override
        public boolean ready() {
            return ready;
        }
    }
}
