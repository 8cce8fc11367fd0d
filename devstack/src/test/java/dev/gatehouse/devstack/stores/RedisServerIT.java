package dev.gatehouse.devstack.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.RedisServer.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerIT {

    @TempDir
    Path folder;

    RedisServer redis;

    @BeforeEach
    void start() {
        redis = RedisServer.in(folder, Ports.free(), Program.of(System.getenv("REDIS")), null);
        redis.start();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void keepsItsDataAndPortThroughStopAndStart() throws Exception {
        assertThat(ask("SET film 42")).isEqualTo("+OK");

        redis.stop();
        assertThatThrownBy(() -> ask("PING")).isInstanceOf(IOException.class);
        redis.start();

        assertThat(ask("EXISTS film")).isEqualTo(":1");
    }

    @Test
    void answersNothingWhilePausedAndAllAfterwards() throws Exception {
        redis.pause();
        assertThatThrownBy(() -> ask("PING")).isInstanceOf(SocketTimeoutException.class);

        redis.resume();
        assertThat(ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void startsAgainAfterACrash() throws Exception {
        redis.kill();
        redis.start();

        assertThat(ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void forgetsEverythingWhenFlushed() throws Exception {
        redis.stop();
        redis = RedisServer.in(folder, redis.port(), Program.of(System.getenv("REDIS")), "secret");
        redis.start();
        assertThat(answers("AUTH secret\r\nSET film 42", 2).getLast()).isEqualTo("+OK");
        assertThat(answers("AUTH secret\r\nEXISTS film", 2).getLast()).isEqualTo(":1");

        redis.flush();

        assertThat(answers("AUTH secret\r\nEXISTS film", 2).getLast()).isEqualTo(":0");
    }

    @Test
    void runsTheEmbeddedProgramWhenAsked() throws Exception {
        redis.stop();
        redis = RedisServer.in(folder.resolve("embedded"), redis.port(), Program.EMBEDDED, "secret");
        redis.start();

        assertThat(ask("PING")).startsWith("-NOAUTH");
    }

    @Test
    void namesATakenPortAndTheSettingThatMovesIt() throws Exception {
        int port = Ports.free();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName(Ports.LOOPBACK))) {
            RedisServer second = RedisServer.in(folder.resolve("second"), other.getLocalPort(), Program.AUTO, null);

            assertThatThrownBy(second::start)
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("Port " + port + " on 127.0.0.1, wanted for Redis, is in use by another program:"
                            + " stop that program or set GATEHOUSE_REDIS_PORT to another port.");
        }
    }

    private String ask(String command) throws IOException {
        return answers(command, 1).getLast();
    }

    private List<String> answers(String commands, int count) throws IOException {
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write((commands + "\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> answers = new ArrayList<>();
            while (answers.size() < count) {
                answers.add(lines.readLine());
            }
            return answers;
        }
    }
}
