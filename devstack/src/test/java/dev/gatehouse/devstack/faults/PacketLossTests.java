package dev.gatehouse.devstack.faults;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class PacketLossTests {

    @Test
    void losesAllPacketsOfAPortAndOfNoOtherUntilItIsClosed() throws Exception {
        assumeTrue(PacketLoss.possible());
        try (ServerSocket hurt = listener();
                ServerSocket other = listener()) {
            try (PacketLoss loss = PacketLoss.on(hurt.getLocalPort(), 1)) {
                assertThatThrownBy(() -> connect(hurt)).isInstanceOf(SocketTimeoutException.class);
                connect(other);
                // A second one takes the first one's place.
                PacketLoss.on(hurt.getLocalPort(), 1).close();
                connect(hurt);
            }
            connect(hurt);
        }
    }

    @Test
    void refusesSharesThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> PacketLoss.on(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketLoss.on(1, 1.01));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketLoss.on(1, Double.NaN));
    }

    private static ServerSocket listener() throws Exception {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static void connect(ServerSocket server) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 500);
        }
    }
}
