package dev.gatehouse.devstack.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.devstack.Devstack;
import dev.gatehouse.devstack.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as people run it: in a process of its own, which may be killed. */
class CommandLineIT {

    @TempDir
    Path folder;

    private Path home;
    private Path repository;

    @BeforeEach
    void build() throws IOException {
        home = folder.resolve("home");
        repository = StubService.repository(folder.resolve("repository"));
    }

    @AfterEach
    void end() {
        run(Map.of(), "down");
    }

    @Test
    void endsEverythingAlsoWhenTheSupervisorWasKilled() throws Exception {
        Process supervisor = up();
        assertThat(run(Map.of(), "status").exitCode()).isZero();

        supervisor.destroyForcibly().waitFor();
        assertThat(Leftovers.in(home)).isNotEmpty();
        assertThat(run(Map.of(), "status").exitCode()).isEqualTo(3);
        Result down = run(Map.of(), "down");

        assertThat(down.output()).contains("processes without a supervisor were ended");
        assertThat(Leftovers.in(home)).isEmpty();
        assertThat(run(Map.of(), "down").output()).isEqualToIgnoringNewLines("Gatehouse does not run.");
    }

    @Test
    void startsAgainOverWhatAKilledSupervisorLeft() throws Exception {
        up().destroyForcibly().waitFor();

        Process second = up();

        assertThat(run(Map.of(), "status").exitCode()).isZero();
        assertThat(run(Map.of(), "token", "operator").output().split("\\.")).hasSize(3);
        run(Map.of(), "down");
        assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Leftovers.in(home)).isEmpty();
    }

    @Test
    void leavesNothingWhenItIsToldToEndWhileStarting() throws Exception {
        Process starting = process(Map.of("PORTS", "free"), "up");
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(PlatformState.file(home)));

        run(Map.of(), "down");

        assertThat(starting.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Leftovers.in(home)).isEmpty();
    }

    @Test
    void saysInOneLineWhatIsInTheWay() throws Exception {
        int port = Ports.free();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName(Ports.LOOPBACK))) {
            Result refused = run(
                    Map.of("PORTS", "free", "GATEHOUSE_BILLING_PORT", Integer.toString(other.getLocalPort())), "up");

            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output().lines().skip(1))
                    .containsExactly("Port " + port
                            + " on 127.0.0.1, wanted for billing-service, is in use by another program: stop that program or set"
                            + " GATEHOUSE_BILLING_PORT to another port, or PORTS=free.");
        }
        assertThat(run(Map.of("BROKER", "nonsense"), "up").output())
                .endsWith("BROKER=nonsense is not known: use embedded, process, rabbitmq or an amqp:// address.\n");
        assertThat(run(Map.of(), "token").output())
                .isEqualTo("The platform does not run: start it with `make dev-up`.\n");
    }

    @Test
    void deletesOnlyADataDirectory() throws Exception {
        Files.createDirectories(home);
        Files.writeString(home.resolve("letter.txt"), "precious");

        Result refused = run(Map.of(), "reset");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(home.resolve("letter.txt")).exists();
        Files.writeString(home.resolve("lock"), "");
        assertThat(run(Map.of(), "reset").exitCode()).isZero();
        assertThat(home).doesNotExist();
    }

    private record Result(int exitCode, String output) {}

    private Process up() throws Exception {
        Process supervisor = process(Map.of("PORTS", "free"), "up");
        await().atMost(Duration.ofSeconds(120))
                .until(() -> !supervisor.isAlive()
                        || Files.readString(folder.resolve("up.txt")).contains("--ready--"));
        assertThat(supervisor.isAlive())
                .as(Files.readString(folder.resolve("up.txt")))
                .isTrue();
        return supervisor;
    }

    private Result run(Map<String, String> environment, String... words) {
        try {
            int exitCode = process(environment, words).waitFor();
            return new Result(exitCode, Files.readString(folder.resolve(words[0] + ".txt")));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process process(Map<String, String> environment, String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dgatehouse.home=" + home,
                        "-Dlogback.configurationFile=dev/gatehouse/devstack/silent-logback.xml",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Devstack.class.getName())
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(words[0] + ".txt").toFile());
        builder.command().addAll(List.of(words));
        Map<String, String> all = new HashMap<>(environment);
        all.put("GATEHOUSE_HOME", home.toString());
        builder.environment().remove("PORTS");
        builder.environment().putAll(all);
        return builder.start();
    }
}
